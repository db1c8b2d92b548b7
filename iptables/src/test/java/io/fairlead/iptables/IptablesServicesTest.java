package io.fairlead.iptables;

import static io.fairlead.iptables.Words.chain;
import static io.fairlead.iptables.Words.naming;
import static io.fairlead.iptables.Words.ports;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.PacketWalk.End;
import io.fairlead.iptables.PacketWalk.Packet;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target.Reject.With;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each kind of Service looks like. */
class IptablesServicesTest {

  private static final String MARK = " -j MARK --set-xmark 0x4000/0x4000";

  private static ServiceSettings settings(List<String> nodePorts, List<String> services) {
    return new ServiceSettings(
        World.SETTINGS.localPods(),
        nodePorts.stream().map(Cidr::parse).toList(),
        services.stream().map(Cidr::parse).toList(),
        1 << 14);
  }

  @Test
  @DisplayName(
      "A cluster IP; clients that are no pods of this node are masqueraded (services 27, 33)")
  void clusterIp() throws Exception {
    World world = new World();
    world.update(
        Sample.named("web")
            .portName("http")
            .clusterIp("10.96.0.10")
            .here("10.244.1.2")
            .elsewhere("10.244.2.2", "10.244.2.3"));
    world.commit();
    assertThat(naming("default/web:http", world.nat()))
        .containsExactly("SERVICES -d 10.96.0.10/32 -p tcp --dport 80 -j SVC");
    assertThat(ports(world.nat()))
        .containsExactlyInAnyOrder(
            "SVC ! -s 10.244.1.0/24" + MARK,
            "SVC -p 0.33333333349 -j SEP",
            "SVC -p tcp -p 0.50000000000 -j DNAT --to-destination 10.244.2.2:8080",
            "SVC -p tcp -j DNAT --to-destination 10.244.2.3:8080",
            "SEP -s 10.244.1.2/32" + MARK,
            "SEP -p tcp -j DNAT --to-destination 10.244.1.2:8080");
    assertThat(chain("FAIRLEAD-UNSERVED", world.filter()))
        .containsExactly(
            "UNSERVED -d 10.96.0.10/32 -j REJECT", "UNSERVED --dst-type LOCAL -j NODEPORTS");
  }

  @Test
  @DisplayName("External addresses and a node port under policy Cluster (services 27, 31)")
  void external() throws Exception {
    World world = new World();
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .externalIp("198.51.100.7")
            .balancerIp("198.51.100.8", "198.51.100.9")
            .nodePort(30080)
            .elsewhere("10.244.2.2"));
    world.commit();
    assertThat(naming("default/web", world.nat()))
        .contains(
            "SERVICES -d 198.51.100.7/32 -p tcp --dport 80 -j EXT",
            "SERVICES -d 198.51.100.8/32 -p tcp --dport 80 -j EXT",
            "SERVICES -d 198.51.100.9/32 -p tcp --dport 80 -j EXT",
            "NODEPORTS -p tcp --dport 30080 -j EXT")
        .containsSubsequence("EXT" + MARK, "EXT -j SVC");
    assertThat(naming("default/web", world.filter())).isEmpty();
  }

  @Test
  @DisplayName("Policy Local: pods and the node go to all endpoints (services 25, 26, 29)")
  void local() throws Exception {
    World world = new World();
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .nodePort(30080)
            .internal(TrafficPolicy.LOCAL)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2")
            .elsewhere("10.244.2.2"));
    world.commit();
    assertThat(naming("default/web", world.nat()))
        .contains("SERVICES -d 10.96.0.10/32 -p tcp --dport 80 -j SVL")
        .containsSubsequence(
            "EXL --src-type LOCAL" + MARK,
            "EXL -s 10.244.1.0/24 -j SVC",
            "EXL --src-type LOCAL -j SVC",
            "EXL -j SVL");
    assertThat(ports(world.nat()))
        .containsSubsequence(
            "SVC -p 0.50000000000 -j SEP", "SVC -p tcp -j DNAT --to-destination 10.244.2.2:8080")
        .containsSubsequence(
            "SVL ! -s 10.244.1.0/24 -d 10.96.0.10/32 -p tcp --dport 80" + MARK, "SVL -j SEP");
  }

  @Test
  @DisplayName("Where pods cannot be told they have no short way (services 28)")
  void unknownPods() throws Exception {
    World world = new World();
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .nodePort(30080)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2"));
    world.backend.settings(
        new ServiceSettings(new LocalPods.Unknown(), List.of(), List.of(), 1 << 14));
    world.commit();
    assertThat(naming("default/web", world.nat()).stream().filter(rule -> rule.startsWith("EXL")))
        .containsExactly(
            "EXL --src-type LOCAL" + MARK, "EXL --src-type LOCAL -j SVC", "EXL -j SVL");
    world.backend.settings(
        new ServiceSettings(new LocalPods.InterfacePrefix("veth"), List.of(), List.of(), 1 << 14));
    world.commit();
    assertThat(naming("default/web", world.nat())).contains("EXL -i veth+ -j SVC");
    assertThat(ports(world.nat()))
        .contains("SVC -d 10.96.0.10/32 ! -i veth+ -p tcp --dport 80" + MARK);
    List<Cidr> cidrs = List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("10.245.1.0/24"));
    world.backend.settings(ServiceSettings.ofPods(cidrs));
    world.commit();
    assertThat(ports(world.nat()))
        .contains("SVC -d 10.96.0.10/32 -p tcp --dport 80 -j MARK-OUTSIDE");
    assertThat(chain("FAIRLEAD-MARK-OUTSIDE", world.nat()))
        .containsExactly(
            "MARK-OUTSIDE -s 10.244.1.0/24 -j RETURN",
            "MARK-OUTSIDE -s 10.245.1.0/24 -j RETURN",
            "MARK-OUTSIDE" + MARK);
  }

  @Test
  @DisplayName("Nobody anywhere: refused; nobody here: just that path is silent (services 23, 24)")
  void absent() throws Exception {
    World world = new World();
    world.update(
        Sample.named("none").clusterIp("10.96.0.10").externalIp("198.51.100.7").nodePort(30080));
    world.update(
        Sample.named("away")
            .clusterIp("10.96.0.11")
            .externalIp("198.51.100.8")
            .nodePort(30081)
            .external(TrafficPolicy.LOCAL)
            .elsewhere("10.244.2.2"));
    world.commit();
    assertThat(naming("default/none", world.filter()))
        .containsExactlyInAnyOrder(
            "UNSERVED -d 10.96.0.10/32 -p tcp --dport 80 -j REJECT",
            "UNSERVED -d 198.51.100.7/32 -p tcp --dport 80 -j REJECT",
            "NODEPORTS -p tcp --dport 30080 -j REJECT");
    assertThat(naming("default/away", world.filter()))
        .containsExactlyInAnyOrder(
            "UNSERVED -d 198.51.100.8/32 -p tcp --dport 80 -j DROP",
            "NODEPORTS -p tcp --dport 30081 -j DROP");
    assertThat(naming("default/away", world.nat()))
        .contains("SERVICES -d 10.96.0.11/32 -p tcp --dport 80 -j SVC", "EXL -j ACCEPT");
    assertThat(chain("FAIRLEAD-REJECT", world.filter()))
        .containsExactly(
            "REJECT -p tcp -j REJECT --reject-with tcp-reset",
            "REJECT -j REJECT --reject-with icmp-port-unreachable");
  }

  @Test
  @DisplayName("An address of the node's own is not taken for a node port (services 23)")
  void addressBeforeNodePort() throws Exception {
    World world = new World();
    world.update(
        Sample.named("none")
            .clusterIp("10.96.0.10")
            .externalIp("192.0.2.1")
            .port(Protocol.TCP, 30080));
    world.update(Sample.named("web").clusterIp("10.96.0.11").nodePort(30080).here("10.244.1.2"));
    world.commit();
    Packet packet = new Packet("203.0.113.9", "uplink", "192.0.2.1", Protocol.TCP, 30080);
    assertThat(new PacketWalk(world.kernel, Set.of(IpAddress.parse("192.0.2.1")), packet).run())
        .containsOnlyKeys(new End.Refused(With.TCP_RESET));
  }

  @Test
  @DisplayName("Source ranges: each balancer's address its own, node ports none (services 30)")
  void ranges() throws Exception {
    World world = new World();
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .balancerIp("198.51.100.8", "198.51.100.9")
            .nodePort(30080)
            .ranges("203.0.113.0/24", "192.0.2.0/24")
            .here("10.244.1.2"));
    world.commit();
    assertThat(naming("default/web", world.nat()))
        .containsSubsequence(
            "FW -s 192.0.2.0/24 -j EXT",
            "FW -s 198.51.100.8/32 -j EXT",
            "FW -s 203.0.113.0/24 -j EXT",
            "FW -j ACCEPT")
        .contains("FW -s 198.51.100.9/32 -j EXT")
        .contains("SERVICES -d 198.51.100.8/32 -p tcp --dport 80 -j FW")
        .contains("NODEPORTS -p tcp --dport 30080 -j EXT");
    assertThat(naming("default/web", world.filter()))
        .containsExactly(
            "UNSERVED -d 198.51.100.8/32 -p tcp --dport 80 -j DROP",
            "UNSERVED -d 198.51.100.9/32 -p tcp --dport 80 -j DROP");
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .balancerIp("198.51.100.8")
            .ranges("203.0.113.0/24"));
    world.commit();
    assertThat(naming("default/web", world.filter()))
        .contains(
            "UNSERVED -d 198.51.100.8/32 -p tcp --dport 80 -j FW",
            "FW -s 203.0.113.0/24 -j REJECT",
            "FW -j DROP");
  }

  @Test
  @DisplayName("Affinity comes, changes its time, loses an endpoint and goes (services 51, 52)")
  void affinity() throws Exception {
    World world = new World();
    world.update(Sample.named("web").clusterIp("10.96.0.10").here("10.244.1.2", "10.244.1.3"));
    world.commit();
    String plain = world.save();
    for (int seconds : new int[] {10800, 60}) {
      world.update(
          Sample.named("web")
              .clusterIp("10.96.0.10")
              .affinity(seconds)
              .here("10.244.1.2", "10.244.1.3"));
      world.commit();
      assertThat(ports(world.nat()))
          .containsSubsequence(
              "SVC -m recent --rcheck --seconds " + seconds + " --reap --name SEP -j SEP",
              "SVC -m recent --rcheck --seconds " + seconds + " --reap --name SEP -j SEP",
              "SVC -p 0.50000000000 -j SEP",
              "SVC -j SEP")
          .contains(
              "SEP -p tcp -m recent --set --name SEP -j DNAT --to-destination 10.244.1.2:8080");
    }
    PortId id = new PortId(Sample.named("web").key, "", Protocol.TCP, AddressFamily.IPV4);
    String list = ChainNames.hashed("SEP", id.identity() + "/10.244.1.3:8080");
    Packet packet = new Packet("10.244.1.9", "pod9", "10.96.0.10", Protocol.TCP, 80);
    PacketWalk known = new PacketWalk(world.kernel, Set.of(), packet.rememberedBy(list));
    assertThat(known.run()).hasSize(1);
    assertThat(known.entered).containsExactly(list);
    world.update(Sample.named("web").clusterIp("10.96.0.10").affinity(60).here("10.244.1.2"));
    world.commit();
    PacketWalk next = new PacketWalk(world.kernel, Set.of(), packet.rememberedBy(list));
    assertThat(next.run()).hasSize(1);
    assertThat(next.entered).doesNotContain(list).hasSize(1);
    world.update(Sample.named("web").clusterIp("10.96.0.10").here("10.244.1.2", "10.244.1.3"));
    world.commit();
    assertThat(world.save()).isEqualTo(plain);
  }

  @Test
  @DisplayName("TCP, UDP and SCTP on one port are different (services 12)")
  void protocols() throws Exception {
    World world = new World();
    int endpoint = 2;
    for (Protocol protocol : Protocol.values()) {
      world.update(
          Sample.named("p" + protocol)
              .clusterIp("10.96.0.10")
              .port(protocol, 53)
              .here("10.244.1." + endpoint++));
    }
    world.commit();
    assertThat(chain("FAIRLEAD-SERVICES", world.nat()))
        .containsExactly(
            "SERVICES -d 10.96.0.10/32 -p tcp --dport 53 -j SVC",
            "SERVICES -d 10.96.0.10/32 -p udp --dport 53 -j SVC",
            "SERVICES -d 10.96.0.10/32 -p sctp --dport 53 -j SVC",
            "SERVICES --dst-type LOCAL -j NODEPORTS");
  }

  @Test
  @DisplayName(
      "Node ports: networks per family, never loopback, no list of addresses (services 35-37)")
  void nodePortAddresses() throws Exception {
    World world =
        new World(settings(List.of("192.0.2.0/24", "198.51.100.0/24"), List.of()), World.NODE);
    world.commit();
    assertThat(chain("FAIRLEAD-SERVICES", world.nat()))
        .containsExactly(
            "SERVICES -d 192.0.2.0/24 --dst-type LOCAL -j NODEPORTS",
            "SERVICES -d 198.51.100.0/24 --dst-type LOCAL -j NODEPORTS");
    assertThat(chain("FAIRLEAD-NODEPORTS", world.nat()))
        .containsExactly("NODEPORTS -d 127.0.0.0/8 -j RETURN");
    String v6 = world.kernel.save(AddressFamily.IPV6, IptablesTable.NAT);
    assertThat(chain("FAIRLEAD-SERVICES", v6))
        .containsExactly("SERVICES --dst-type LOCAL -j NODEPORTS");
    assertThat(chain("FAIRLEAD-NODEPORTS", v6)).containsExactly("NODEPORTS -d ::1/128 -j RETURN");
  }

  @Test
  @DisplayName("The mark is cleared where it is used, and is the configured bit (services 34)")
  void mark() throws Exception {
    World world =
        new World(
            new ServiceSettings(World.SETTINGS.localPods(), List.of(), List.of(), 1 << 5),
            World.NODE);
    world.update(
        Sample.named("web").clusterIp("10.96.0.10").nodePort(30080).elsewhere("10.244.2.2"));
    world.commit();
    assertThat(chain("FAIRLEAD-POSTROUTING", world.nat()))
        .containsExactly(
            "POSTROUTING ! --mark 0x20/0x20 -j RETURN",
            "POSTROUTING -j MARK --set-xmark 0x20/0x0",
            "POSTROUTING -j MASQUERADE --random-fully");
    assertThat(ports(world.nat())).contains("EXT -j MARK --set-xmark 0x20/0x20");
    assertThat(world.nat().lines().filter(line -> !line.contains("-A FAIRLEAD")).map(Words::brief))
        .containsExactly(
            "PREROUTING -j SERVICES", "OUTPUT -j SERVICES", "POSTROUTING -j POSTROUTING");
    assertThat(
            world.filter().lines().filter(line -> !line.contains("-A FAIRLEAD")).map(Words::brief))
        .containsExactly(
            "INPUT -m conntrack --ctstate NEW -j UNSERVED",
            "FORWARD -m conntrack --ctstate NEW -j UNSERVED",
            "OUTPUT -m conntrack --ctstate NEW -j UNSERVED");
  }

  @Test
  void clusterIpsThatNoServiceHasAreDropped() throws Exception {
    World world =
        new World(settings(List.of(), List.of("10.96.0.0/16", "fd00:96::/112")), World.NODE);
    world.update(Sample.named("web").clusterIp("10.96.0.10").here("10.244.1.2"));
    world.commit();
    assertThat(chain("FAIRLEAD-UNSERVED", world.filter()))
        .containsExactly(
            "UNSERVED -d 10.96.0.10/32 -j REJECT",
            "UNSERVED --dst-type LOCAL -j NODEPORTS",
            "UNSERVED -d 10.96.0.0/16 -j DROP");
  }

  @Test
  @DisplayName("Another IP mode, or an address that goes, leaves nothing (services 32)")
  void addressGoes() throws Exception {
    World world = new World();
    Sample before = Sample.named("web").clusterIp("10.96.0.10").here("10.244.1.2");
    world.update(before);
    world.commit();
    String plain = world.save();
    world.update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .balancerIp("198.51.100.8")
            .ranges("10.0.0.0/8")
            .nodePort(30080)
            .here("10.244.1.2"));
    world.commit();
    assertThat(world.save()).isNotEqualTo(plain);
    world.update(before);
    world.commit();
    assertThat(world.save()).isEqualTo(plain);
  }

  @Test
  void anAddressThatTwoWantIsTheOlderOnes() throws Exception {
    World world = new World();
    Sample young = Sample.named("young").created(2).clusterIp("10.96.0.10").here("10.244.1.2");
    Sample old = Sample.named("old").created(1).clusterIp("10.96.0.10").here("10.244.1.3");
    world.update(young);
    world.commit();
    String alone = world.save();
    world.update(old);
    world.commit();
    assertThat(world.nat()).contains("default/old").doesNotContain("default/young");
    world.update(old.key, null);
    world.commit();
    assertThat(world.save()).isEqualTo(alone);
  }
}
