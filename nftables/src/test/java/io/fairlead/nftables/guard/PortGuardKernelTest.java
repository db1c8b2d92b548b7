package io.fairlead.nftables.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.dataplane.testing.Conversation;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.nftables.guard.Frame.Extension;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With frames that a pod with NET_RAW can send, and with those that every pod sends. */
@Timeout(120)
class PortGuardKernelTest {

  private static final MacAddress OWN = GuardLab.mac(2);
  private static final MacAddress VICTIM = GuardLab.mac(3);
  private static final MacAddress OTHER = GuardLab.mac(9);
  private static final String ALL_NODES = "ff02::1";

  private static final int IPV4 = 0x0800;
  private static final int ARP = 0x0806;
  private static final int IPV6 = 0x86dd;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private GuardLab lab;
  private NfTablesSocket kernel;
  private PortGuard guard;

  @BeforeEach
  void open() throws Exception {
    lab = new GuardLab();
    kernel = lab.node.call(NfTablesSocket::open);
    guard = new PortGuard(kernel);
  }

  @AfterEach
  void close() {
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private void guardBoth() throws IOException {
    guard.networks(List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32")));
    guard.restore(List.of(GuardLab.port(2), GuardLab.port(3)));
  }

  private static Frame ip(MacAddress from, String source, String destination) {
    int type = source.contains(":") ? IPV6 : IPV4;
    return Frame.ethernet(from, VICTIM, "", type, Frame.udp(source, destination));
  }

  private static Frame arp(int operation, String sender) {
    return Frame.ethernet(
        OWN, Frame.EVERYBODY, "", ARP, Frame.arp(operation, OWN, sender, "10.244.1.3"));
  }

  private static Frame tagged(String tags) {
    return Frame.ethernet(OWN, VICTIM, tags, IPV4, Frame.udp("10.244.1.2", "10.244.1.3"));
  }

  private static Frame neighbour(int type, String from, String target, Extension extension) {
    Frame message = Frame.neighbour(type, from, ALL_NODES, target, extension);
    return Frame.ethernet(OWN, MacAddress.parse("33:33:00:00:00:01"), "", IPV6, message);
  }

  /** A frame, and why it is dropped. */
  private record Attack(Frame frame, DropReason reason) {}

  private static Map<String, Attack> attacks() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    String own6 = "fd00:244:1::2";
    attacks.put("tag of VLAN 0", new Attack(tagged("8100 0000"), DropReason.ETHER_TYPE));
    attacks.put("tag of VLAN 7", new Attack(tagged("8100 0007"), DropReason.ETHER_TYPE));
    attacks.put("two tags", new Attack(tagged("8100 0000 8100 0000"), DropReason.ETHER_TYPE));
    attacks.put("802.1ad tag", new Attack(tagged("88a8 0000"), DropReason.ETHER_TYPE));
    attacks.put(
        "a protocol of its own",
        new Attack(
            Frame.ethernet(OWN, VICTIM, "", 0x88b5, Frame.anything()), DropReason.ETHER_TYPE));
    attacks.put(
        "a length in place of a type",
        new Attack(Frame.ethernet(OWN, VICTIM, "", 57, Frame.anything()), DropReason.ETHER_TYPE));
    attacks.put(
        "the victim's MAC address",
        new Attack(ip(OTHER, "10.244.1.2", "10.244.1.3"), DropReason.MAC));
    attacks.put(
        "a MAC address of nobody", new Attack(ip(OTHER, own6, "fd00:244:1::3"), DropReason.MAC));
    attacks.put(
        "another pod's IPv4 address",
        new Attack(ip(OWN, "10.244.1.9", "10.244.1.3"), DropReason.IPV4_SOURCE));
    attacks.put(
        "another node's pod's",
        new Attack(ip(OWN, "10.244.7.9", "10.244.1.3"), DropReason.IPV4_SOURCE));
    attacks.put(
        "the gateway's", new Attack(ip(OWN, "10.244.1.1", "10.244.1.3"), DropReason.IPV4_SOURCE));
    attacks.put(
        "the victim's own",
        new Attack(ip(OWN, "10.244.1.3", "10.244.1.3"), DropReason.IPV4_SOURCE));
    attacks.put(
        "another pod's IPv6 address",
        new Attack(ip(OWN, "fd00:244:1::9", "fd00:244:1::3"), DropReason.IPV6_SOURCE));
    attacks.put(
        "the victim's own, IPv6",
        new Attack(ip(OWN, "fd00:244:1::3", "fd00:244:1::3"), DropReason.IPV6_SOURCE));
    attacks.put(
        "the bridge's link-local address",
        new Attack(ip(OWN, "fe80::1", "fd00:244:1::3"), DropReason.IPV6_SOURCE));
    attacks.put("ARP request of another", new Attack(arp(1, "10.244.1.9"), DropReason.ARP));
    attacks.put("ARP reply for the gateway", new Attack(arp(2, "10.244.1.1"), DropReason.ARP));
    for (Extension extension : Extension.values()) {
      String behind = ", extension " + extension;
      attacks.put(
          "advertisement for another" + behind,
          new Attack(neighbour(136, own6, "fd00:244:1::9", extension), DropReason.NEIGHBOUR));
      attacks.put(
          "advertisement for the bridge" + behind,
          new Attack(neighbour(136, "fe80::2", "fe80::1", extension), DropReason.NEIGHBOUR));
      attacks.put(
          "router advertisement" + behind,
          new Attack(neighbour(134, "fe80::2", "::", extension), DropReason.ROUTER));
    }
    attacks.put(
        "redirect",
        new Attack(neighbour(137, own6, "fd00:244:1::9", Extension.NONE), DropReason.ROUTER));
    attacks.put(
        "solicitation from another",
        new Attack(
            neighbour(135, "fd00:244:1::9", "fd00:244:1::3", Extension.NONE),
            DropReason.IPV6_SOURCE));
    return attacks;
  }

  private static Map<String, Frame> honest() {
    Map<String, Frame> frames = new LinkedHashMap<>();
    String own6 = "fd00:244:1::2";
    frames.put("IPv4", ip(OWN, "10.244.1.2", "10.244.1.3"));
    frames.put("IPv6", ip(OWN, own6, "fd00:244:1::3"));
    frames.put("link-local IPv6", ip(OWN, "fe80::2", "fe80::3"));
    frames.put("ARP request", arp(1, "10.244.1.2"));
    frames.put("ARP probe (RFC 5227)", arp(1, "0.0.0.0"));
    frames.put(
        "DHCP from nobody yet",
        Frame.ethernet(OWN, Frame.EVERYBODY, "", IPV4, Frame.udp("0.0.0.0", "255.255.255.255")));
    frames.put("DHCPv6", ip(OWN, "fe80::2", "ff02::1:2"));
    frames.put("duplicate address detection", neighbour(135, "::", own6, Extension.NONE));
    frames.put("neighbour solicitation", neighbour(135, own6, "fd00:244:1::3", Extension.NONE));
    frames.put(
        "neighbour solicitation of the router",
        neighbour(135, "fe80::2", "fe80::1", Extension.NONE));
    frames.put("neighbour advertisement", neighbour(136, own6, own6, Extension.NONE));
    frames.put(
        "link-local neighbour advertisement", neighbour(136, "fe80::2", "fe80::2", Extension.NONE));
    frames.put("router solicitation", neighbour(133, "fe80::2", "::", Extension.NONE));
    frames.put("who listens", neighbour(143, "fe80::2", "::", Extension.HOP_BY_HOP));
    frames.put("who listens, no address yet", neighbour(143, "::", "::", Extension.HOP_BY_HOP));
    return frames;
  }

  /** What a pod sends that routes for others, such as a VPN's. */
  private static Map<String, Frame> routed() {
    Map<String, Frame> frames = new LinkedHashMap<>();
    frames.put("IPv4 of another network", ip(OWN, "10.8.0.9", "10.244.1.3"));
    frames.put("IPv6 of another network", ip(OWN, "fd00:8::9", "fd00:244:1::3"));
    return frames;
  }

  @Test
  @DisplayName(
      "frames in another's name arrive without the guard, and are dropped and counted by it")
  void attack() throws Exception {
    for (Map.Entry<String, Attack> attack : attacks().entrySet()) {
      assertThat(lab.arrives(attack.getValue().frame())).as(attack.getKey()).isTrue();
    }
    guardBoth();
    for (Map.Entry<String, Attack> attack : attacks().entrySet()) {
      DropReason reason = attack.getValue().reason();
      long before = guard.dropped().getOrDefault(reason, 0L);
      assertThat(lab.arrives(attack.getValue().frame())).as(attack.getKey()).isFalse();
      assertThat(guard.dropped().get(reason)).as(attack.getKey()).isEqualTo(before + 1);
    }
  }

  @Test
  @DisplayName("what pods send in their own name passes")
  void honesty() throws Exception {
    guardBoth();
    for (Map.Entry<String, Frame> frame : honest().entrySet()) {
      assertThat(lab.arrives(frame.getValue())).as(frame.getKey()).isTrue();
    }
    for (Map.Entry<String, Frame> frame : routed().entrySet()) {
      assertThat(lab.arrives(frame.getValue())).as(frame.getKey()).isTrue();
    }
    Set<IpAddress> pod = Set.of(IpAddress.parse("10.244.1.2"));
    guard.confine(pod, Set.of());
    for (Map.Entry<String, Frame> frame : honest().entrySet()) {
      assertThat(lab.arrives(frame.getValue())).as("confined: " + frame.getKey()).isTrue();
    }
    for (Map.Entry<String, Frame> frame : routed().entrySet()) {
      assertThat(lab.arrives(frame.getValue())).as("confined: " + frame.getKey()).isFalse();
    }
    guard.confine(Set.of(), pod);
    for (Map.Entry<String, Frame> frame : routed().entrySet()) {
      assertThat(lab.arrives(frame.getValue())).as("free again: " + frame.getKey()).isTrue();
    }
  }

  @Test
  @DisplayName("connections, address detection and everything else that a kernel does work")
  void kernelTraffic() throws Exception {
    guardBoth();
    for (String address : List.of("10.244.1.3", "fd00:244:1::3")) {
      Conversation.tcp(lab.first, address, 5000, lab.second, 5000).close();
      Conversation.udp(lab.first, address, 5000, lab.second, 5000).close();
    }
    Conversation.tcp(lab.second, "10.244.1.1", 5000, lab.node, 5000).close();
    Conversation.tcp(lab.node, "fd00:244:1::2", 5000, lab.first, 5000).close();
    lab.first.run("ip", "link", "set", "eth0", "down");
    lab.first.run("sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=1");
    lab.first.run("ip", "link", "set", "eth0", "up");
    lab.first.run("ip", "addr", "add", "fd00:244:1::2/64", "dev", "eth0");
    String tentative = "tentative";
    for (int i = 0; i < 100 && !tentative.isEmpty(); i++) {
      Thread.sleep(100);
      tentative = lab.first.run("ip", "-6", "addr", "show", "dev", "eth0", "tentative");
    }
    assertThat(tentative).isEmpty();
    assertThat(lab.first.run("ip", "-6", "addr", "show", "dev", "eth0"))
        .contains("fd00:244:1::2")
        .doesNotContain("dadfailed");
    Conversation.tcp(lab.first, "fd00:244:1::3", 5000, lab.second, 5000).close();
    assertThat(guard.dropped().values()).allMatch(count -> count == 0);
  }

  @Test
  @DisplayName("where the link-layer address is not checked, addresses still are")
  void anyMac() throws Exception {
    guardBoth();
    guard.add(new GuardedPort("veth2", "pod2", OWN, false, GuardLab.addresses(2)));
    assertThat(lab.arrives(ip(OTHER, "10.244.1.2", "10.244.1.3"))).isTrue();
    assertThat(lab.arrives(ip(OTHER, "fd00:244:1::2", "fd00:244:1::3"))).isTrue();
    assertThat(lab.arrives(ip(OTHER, "10.8.0.9", "10.244.1.3"))).isTrue();
    assertThat(lab.arrives(ip(OTHER, "10.244.1.9", "10.244.1.3"))).isFalse();
    assertThat(lab.arrives(ip(OTHER, "fd00:244:1::9", "fd00:244:1::3"))).isFalse();
    assertThat(lab.arrives(tagged("8100 0000"))).isFalse();
  }

  @Test
  @DisplayName("a pod with two interfaces uses the addresses of both at each (pod-network 17)")
  void twoInterfaces() throws Exception {
    guardBoth();
    Frame ofBoth = ip(OWN, "10.244.1.4", "10.244.1.3");
    guard.add(new GuardedPort("veth4", "pod4", GuardLab.mac(4), true, GuardLab.addresses(4)));
    assertThat(lab.arrives(ofBoth)).as("of another pod").isFalse();
    guard.add(new GuardedPort("veth4", "pod2", GuardLab.mac(4), true, GuardLab.addresses(4)));
    assertThat(lab.arrives(ofBoth)).as("of the pod's other interface").isTrue();
    lab.attach(lab.first, 4, "net1");
    Conversation.tcp(lab.second, "10.244.1.4", 5000, lab.first, 5000).close();
    guard.remove("veth4");
    assertThat(lab.arrives(ofBoth)).as("the other interface is gone").isFalse();
  }

  @Test
  @DisplayName("a bridge that learns from link-local groups would hand the victim's frames over")
  void linkLocalGroups() throws Exception {
    guardBoth();
    Frame lldp =
        Frame.ethernet(VICTIM, MacAddress.parse("01:80:c2:00:00:0e"), "", 0x88cc, Frame.anything());
    String port = "";
    for (int i = 0; i < 50 && !port.equals("veth2"); i++) {
      // A port that has just come up does not learn yet, and the victim may have spoken since.
      assertThat(lab.arrives(lldp)).isFalse();
      port = lab.portOf(VICTIM);
    }
    assertThat(port).as("seen before any rule").isEqualTo("veth2");
    lab.node.run("ip", "link", "set", "br0", "type", "bridge", "no_linklocal_learn", "1");
    lab.node.run("ip", "link", "set", "br0", "type", "bridge", "fdb_flush");
    for (int i = 0; i < 5; i++) {
      assertThat(lab.arrives(lldp)).isFalse();
      assertThat(lab.portOf(VICTIM)).as("as the CNI plugin makes bridges").isNotEqualTo("veth2");
    }
  }

  @Test
  @DisplayName("ports that are nobody's take anything")
  void unguarded() throws Exception {
    guardBoth();
    guard.remove("veth2");
    for (Map.Entry<String, Attack> attack : attacks().entrySet()) {
      assertThat(lab.arrives(attack.getValue().frame())).as(attack.getKey()).isTrue();
    }
  }

  @Test
  @DisplayName(
      "a flushed ruleset is repaired, and a restart changes nothing (pod-network 39, faults 18)")
  void repair() throws Exception {
    guardBoth();
    Frame spoofed = ip(OWN, "10.244.1.9", "10.244.1.3");
    String before = lab.node.run("nft", "-s", "list", "ruleset");
    BlockingQueue<String> repairs = new LinkedBlockingQueue<>();
    try (TableWatch watch =
        lab.node.call(() ->
            TableWatch.start(
                kernel,
                PortGuard.table(),
                guard::distrust,
                sentence -> {
                  try {
                    repairs.add(sentence + guard.commit());
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))) {
      assertThat(watch).isNotNull();
      lab.node.run("nft", "flush", "ruleset");
      assertThat(repairs.poll(10, TimeUnit.SECONDS)).contains("add table bridge fairlead-guard");
      assertThat(lab.node.run("nft", "-s", "list", "ruleset")).isEqualTo(before);
      assertThat(lab.arrives(spoofed)).isFalse();
      lab.node.run(
          "nft", "delete", "element", "bridge", "fairlead-guard", "ports", "{ \"veth2\" }");
      assertThat(repairs.poll(10, TimeUnit.SECONDS)).contains("add element").contains("veth2");
      assertThat(lab.arrives(spoofed)).isFalse();
    }
    long generation = kernel.generation();
    PortGuard next = new PortGuard(kernel);
    next.networks(List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32")));
    next.restore(List.of(GuardLab.port(2), GuardLab.port(3)));
    assertThat(kernel.generation()).as("nothing was to be done").isEqualTo(generation);
    assertThat(PortGuard.cleanup(kernel)).isTrue();
    assertThat(lab.node.run("nft", "list", "ruleset")).isEmpty();
    assertThat(PortGuard.cleanup(kernel)).isFalse();
  }
}
