package io.fairlead.iptables.rule;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.rule.Match.ConnectionState.State;
import java.util.List;

/** Rules of every kind, each with the words of iptables-save 1.8.9 for it. */
public final class RuleExamples {

  /** A rule, the family and table that it is for, and its text. */
  public record Example(
      AddressFamily family, IptablesTable table, IptablesRule rule, String text) {}

  /** A chain that the examples lead to. */
  public static final String OTHER = "FAIRLEAD-OTHER";

  private static final Target JUMP = new Target.Jump(OTHER);
  private static final Match TCP = new Match.ProtocolIs(Protocol.TCP);
  private static final Match UDP = new Match.ProtocolIs(Protocol.UDP);
  private static final Match SCTP = new Match.ProtocolIs(Protocol.SCTP);

  private RuleExamples() {}

  private static Example v4(Target target, String text, Match... matches) {
    return nat(AddressFamily.IPV4, target, text, matches);
  }

  private static Example v6(Target target, String text, Match... matches) {
    return nat(AddressFamily.IPV6, target, text, matches);
  }

  private static Example nat(AddressFamily family, Target target, String text, Match... matches) {
    return new Example(family, IptablesTable.NAT, IptablesRule.of(target, matches), text);
  }

  private static Example filter(
      AddressFamily family, Target target, String text, Match... matches) {
    return new Example(family, IptablesTable.FILTER, IptablesRule.of(target, matches), text);
  }

  private static Match from(String cidr) {
    return new Match.Source(Cidr.parse(cidr), false);
  }

  private static Match notFrom(String cidr) {
    return new Match.Source(Cidr.parse(cidr), true);
  }

  private static Match to(String cidr) {
    return new Match.Destination(Cidr.parse(cidr), false);
  }

  private static Match notTo(String cidr) {
    return new Match.Destination(Cidr.parse(cidr), true);
  }

  private static Match port(int port) {
    return new Match.DestinationPort(port);
  }

  private static Match comment(String text) {
    return new Match.Comment(text);
  }

  private static Target nat(String address, int port) {
    return new Target.DestinationNat(new EndpointAddress(IpAddress.parse(address), port));
  }

  public static List<Example> all() {
    return List.of(
        v4(
            JUMP,
            "-d 10.96.0.80/32 -p tcp -m comment --comment \"default/web:http cluster IP\""
                + " -m tcp --dport 80 -j FAIRLEAD-OTHER",
            to("10.96.0.80/32"),
            TCP,
            comment("default/web:http cluster IP"),
            port(80)),
        v4(JUMP, "-p udp -m udp --dport 53 -j FAIRLEAD-OTHER", UDP, port(53)),
        v4(
            JUMP,
            "-p tcp -m tcp --dport 30000:30015 -j FAIRLEAD-OTHER",
            TCP,
            new Match.DestinationPorts(30000, 30015)),
        v4(
            JUMP,
            "-p sctp -m sctp --dport 0:4095 -j FAIRLEAD-OTHER",
            SCTP,
            new Match.DestinationPorts(0, 4095)),
        v6(
            JUMP,
            "-p udp -m udp --dport 61440:65535 -j FAIRLEAD-OTHER",
            UDP,
            new Match.DestinationPorts(61440, 65535)),
        v4(JUMP, "-p sctp -m sctp --dport 65535 -j FAIRLEAD-OTHER", SCTP, port(65535)),
        v4(JUMP, "-p tcp -j FAIRLEAD-OTHER", TCP),
        v4(JUMP, "-j FAIRLEAD-OTHER"),
        v4(JUMP, "-j FAIRLEAD-OTHER", to("0.0.0.0/0")),
        v4(new Target.GoTo(OTHER), "-d 128.0.0.0/1 -g FAIRLEAD-OTHER", to("128.0.0.0/1")),
        v4(new Target.GoTo(OTHER), "-d 10.96.0.0/20 -g FAIRLEAD-OTHER", to("10.96.0.0/20")),
        v4(new Target.GoTo(OTHER), "-d 10.96.1.0/24 -g FAIRLEAD-OTHER", to("10.96.1.0/24")),
        v4(
            new Target.Return(),
            "-s 10.244.0.0/16 ! -d 10.96.0.0/12 -j RETURN",
            from("10.244.0.0/16"),
            notTo("10.96.0.0/12")),
        v4(JUMP, "! -s 10.0.0.0/8 -j FAIRLEAD-OTHER", notFrom("10.0.0.0/8")),
        v4(
            new Target.Accept(),
            "-s 10.1.2.3/32 -d 10.2.0.0/15 -i eth0 -p udp -j ACCEPT",
            UDP,
            new Match.InInterface("eth0", false),
            to("10.2.0.0/15"),
            from("10.1.2.3/32")),
        v4(JUMP, "-i cali+ -j FAIRLEAD-OTHER", new Match.InInterface("cali+", false)),
        v4(JUMP, "! -i fairlead0 -j FAIRLEAD-OTHER", new Match.InInterface("fairlead0", true)),
        v4(JUMP, "! -i a+ -j FAIRLEAD-OTHER", new Match.InInterface("a+", true)),
        v4(
            JUMP,
            "-i abcdefghijklmno -j FAIRLEAD-OTHER",
            new Match.InInterface("abcdefghijklmno", false)),
        v4(JUMP, "-m addrtype --src-type LOCAL -j FAIRLEAD-OTHER", new Match.SourceType(false)),
        v4(JUMP, "-m addrtype ! --src-type LOCAL -j FAIRLEAD-OTHER", new Match.SourceType(true)),
        v4(
            JUMP,
            "-m addrtype --dst-type LOCAL -j FAIRLEAD-OTHER",
            new Match.DestinationType(false)),
        v4(
            JUMP,
            "-m addrtype --src-type LOCAL -m addrtype ! --dst-type LOCAL -j FAIRLEAD-OTHER",
            new Match.SourceType(false),
            new Match.DestinationType(true)),
        v4(
            JUMP,
            "-m mark --mark 0x4000/0x4000 -j FAIRLEAD-OTHER",
            new Match.Mark(0x4000, 0x4000, false)),
        v4(
            new Target.Return(),
            "-m mark ! --mark 0x80000000/0x80000000 -j RETURN",
            new Match.Mark(0x80000000, 0x80000000, true)),
        v4(JUMP, "-m mark --mark 0x5 -j FAIRLEAD-OTHER", new Match.Mark(5, -1, false)),
        v4(
            JUMP,
            "-m statistic --mode random --probability 0.33333333349 -j FAIRLEAD-OTHER",
            Match.RandomShare.oneOf(3)),
        v4(
            JUMP,
            "-m statistic --mode random --probability 0.50000000000 -j FAIRLEAD-OTHER",
            Match.RandomShare.oneOf(2)),
        v4(
            JUMP,
            "-m statistic --mode random --probability 0.00001000008 -j FAIRLEAD-OTHER",
            Match.RandomShare.oneOf(100_000)),
        v4(
            JUMP,
            "-m recent --rcheck --seconds 10800 --reap --name FL-A --mask 255.255.255.255"
                + " --rsource -j FAIRLEAD-OTHER",
            Match.Recent.seenWithin("FL-A", 10800)),
        v4(
            JUMP,
            "-m recent --rcheck --seconds 1 --name FL-A --mask 255.255.255.255"
                + " --rsource -j FAIRLEAD-OTHER",
            new Match.Recent("FL-A", false, 1, false)),
        new Example(
            AddressFamily.IPV4,
            IptablesTable.NAT,
            IptablesRule.of(null, Match.Recent.enter("FL-A")),
            "-m recent --set --name FL-A --mask 255.255.255.255 --rsource"),
        v4(JUMP, "-m comment --comment plain -j FAIRLEAD-OTHER", comment("plain")),
        v4(JUMP, "-m comment --comment \"a/b:c\" -j FAIRLEAD-OTHER", comment("a/b:c")),
        v4(JUMP, "-m comment --comment \"a\\\"b\" -j FAIRLEAD-OTHER", comment("a\"b")),
        v4(
            JUMP,
            "-m comment --comment \"" + "a ".repeat(127) + "a\" -j FAIRLEAD-OTHER",
            comment("a ".repeat(127) + "a")),
        v4(new Target.MarkOr(0x4000), "-j MARK --set-xmark 0x4000/0x4000"),
        v4(new Target.MarkXor(0x4000), "-j MARK --set-xmark 0x4000/0x0"),
        v4(new Target.Masquerade(false), "-j MASQUERADE"),
        v4(new Target.Masquerade(true), "-j MASQUERADE --random-fully"),
        v4(nat("10.244.1.3", 8080), "-p tcp -j DNAT --to-destination 10.244.1.3:8080", TCP),
        v4(
            nat("10.244.1.3", 53),
            "-p udp -m comment --comment \"kube-system/dns\" -m recent --set --name FL-A"
                + " --mask 255.255.255.255 --rsource -j DNAT --to-destination 10.244.1.3:53",
            UDP,
            comment("kube-system/dns"),
            Match.Recent.enter("FL-A")),
        v4(nat("10.244.1.3", 1), "-p sctp -j DNAT --to-destination 10.244.1.3:1", SCTP),
        filter(
            AddressFamily.IPV4,
            new Target.Accept(),
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            Match.ConnectionState.of(State.ESTABLISHED, State.RELATED)),
        filter(
            AddressFamily.IPV4,
            new Target.Drop(),
            "-m conntrack --ctstate INVALID -j DROP",
            Match.ConnectionState.of(State.INVALID)),
        filter(
            AddressFamily.IPV4,
            JUMP,
            "-m conntrack --ctstate NEW -j FAIRLEAD-OTHER",
            Match.ConnectionState.of(State.NEW)),
        filter(
            AddressFamily.IPV4,
            new Target.Reject(Target.Reject.With.TCP_RESET),
            "-p tcp -j REJECT --reject-with tcp-reset",
            TCP),
        filter(
            AddressFamily.IPV4,
            new Target.Reject(Target.Reject.With.PORT_UNREACHABLE),
            "-j REJECT --reject-with icmp-port-unreachable"),
        filter(
            AddressFamily.IPV6,
            new Target.Reject(Target.Reject.With.TCP_RESET),
            "-p tcp -j REJECT --reject-with tcp-reset",
            TCP),
        filter(
            AddressFamily.IPV6,
            new Target.Reject(Target.Reject.With.PORT_UNREACHABLE),
            "-j REJECT --reject-with icmp6-port-unreachable"),
        filter(
            AddressFamily.IPV6,
            new Target.Drop(),
            "-m conntrack --ctstate INVALID -j DROP",
            Match.ConnectionState.of(State.INVALID)),
        v6(
            JUMP,
            "-d fd00::1/128 -p tcp -m comment --comment \"a/b\" -m tcp --dport 80"
                + " -j FAIRLEAD-OTHER",
            to("fd00::1/128"),
            TCP,
            comment("a/b"),
            port(80)),
        v6(
            JUMP,
            "-d fd00::1/128 -p sctp -m sctp --dport 80 -j FAIRLEAD-OTHER",
            to("fd00::1/128"),
            SCTP,
            port(80)),
        v6(
            new Target.Return(),
            "-s fd00:10:244::/56 ! -d fc00::/7 -j RETURN",
            from("fd00:10:244::/56"),
            notTo("fc00::/7")),
        v6(
            JUMP,
            "-m addrtype --dst-type LOCAL -j FAIRLEAD-OTHER",
            new Match.DestinationType(false)),
        v6(
            JUMP,
            "-m recent --rcheck --seconds 10800 --reap --name FL-A"
                + " --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource -j FAIRLEAD-OTHER",
            Match.Recent.seenWithin("FL-A", 10800)),
        v6(new Target.MarkOr(0x4000), "-j MARK --set-xmark 0x4000/0x4000"),
        v6(new Target.Masquerade(true), "-j MASQUERADE --random-fully"),
        v6(nat("fd00:1::2", 8080), "-p tcp -j DNAT --to-destination [fd00:1::2]:8080", TCP));
  }
}
