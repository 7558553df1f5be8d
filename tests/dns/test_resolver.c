/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resolver's dialogues: which server is asked when and how, and what is made of answers. */
#include "check.h"
#include "kit.h"

static void a_question_is_answered(void)
{
    kit_run("config 127.0.0.1\n"
            "ask Example.ORG. A -> 1\n"
            "due 5000\n"
            "send 0 udp 127.0.0.1 example.org A\n"
            "wait 0\n"
            "told nothing\n"
            "+7\n"
            "reply 0 ra ; example.org 300 A 192.0.2.1 ; EXAMPLE.org 200 A 192.0.2.2\n"
            "none 0\n"
            "due never\n"
            "told 1 FOUND insecure 200 192.0.2.1 192.0.2.2 from 127.0.0.1:53 took 7\n"
            "told nothing");
}

static void records_of_all_types_are_read(void)
{
    kit_run(
        "config 192.0.2.53\n"
        "ask example.org AAAA\n"
        "send 0 udp 192.0.2.53 example.org AAAA\n"
        "reply 0 ; example.org 1 AAAA 2001:db8::1\n"
        "told 1 FOUND insecure 1 [2001:db8::1] from 192.0.2.53:53 took 0\n"
        "ask _xmpp-client._tcp.example.org SRV\n"
        "send 0 udp 192.0.2.53 _xmpp-client._tcp.example.org SRV\n"
        "reply 0 ; _xmpp-client._tcp.example.org 60 SRV 10 20 5222 XMPP.example.org. ; "
        "_xmpp-client._tcp.example.org 50 SRV 0 0 0 .\n"
        "told 2 FOUND insecure 50 10/20/5222/xmpp.example.org 0/0/0/ from 192.0.2.53:53 took 0\n"
        "ask _5222._tcp.example.org TLSA\n"
        "send 0 udp 192.0.2.53 _5222._tcp.example.org TLSA\n"
        "reply 0 ; _5222._tcp.example.org 60 TLSA 3 1 1 abcdef ; "
        "_5222._tcp.example.org 60 TLSA 255 255 255\n"
        "told 3 FOUND insecure 60 3-1-1-abcdef 255-255-255- from 192.0.2.53:53 took 0");
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a question is answered", a_question_is_answered},
        {"records of all types are read", records_of_all_types_are_read},
    };
    return CHECK_MAIN(argc, argv, "dns-resolver", cases);
}
