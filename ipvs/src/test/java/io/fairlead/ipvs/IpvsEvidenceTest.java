package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsStatistics;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.companion.CompanionTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel is read to have of one frontend, and how others' hands on it show. */
class IpvsEvidenceTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.96.0.10");
  private static final FrontendAddress WEB = new VirtualAddress(ADDRESS, Protocol.TCP, 80);
  private static final VirtualServerId SERVER =
      new VirtualServerId.ByAddress(Protocol.TCP, ADDRESS, 80);
  private static final RealServerId REAL = new RealServerId(IpAddress.parse("10.244.2.2"), 8080);

  private final World world = new World();

  @BeforeEach
  void commit() throws Exception {
    world.commit(
        Sample.named("web").clusterIp("10.96.0.10").here("10.244.1.2").elsewhere("10.244.2.2"),
        Sample.named("local")
            .clusterIp("10.96.0.20")
            .nodePort(30080)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2")
            .elsewhere("10.244.2.2"));
  }

  private List<String> evidence(FrontendAddress address) throws Exception {
    return world.services.evidence(address).stream()
        .map(object -> object.state() + " " + object.place() + ": " + object.text())
        .toList();
  }

  private List<String> changed(FrontendAddress address) throws Exception {
    return evidence(address).stream().filter(line -> !line.startsWith("PRESENT")).toList();
  }

  @Test
  void allOfAServiceIsThereInTheOrderOfPackets() throws Exception {
    world.ipvs.count(SERVER, new IpvsStatistics(7, 70, 60, 7000, 6000, 0, 0, 0, 0, 0));
    world.ipvs.count(SERVER, REAL, 3, 4);
    String sets = "PRESENT set inet fairlead-ipvs ";
    assertThat(evidence(WEB))
        .containsExactly(
            "PRESENT table local: local 10.96.0.10/32 dev lo src 192.0.2.1 proto 102 scope host",
            sets + "masquerade-outside-ipv4: 10.96.0.10 . tcp . 80",
            sets + "virtual-server-ipv4: 10.96.0.10 . tcp . 80",
            sets + "virtual-ipv4: 10.96.0.10",
            sets + "hairpin-ipv4: 10.244.1.2 . 10.244.1.2",
            "PRESENT IPVS: virtual server 10.96.0.10:80/tcp rr connections 7",
            "PRESENT IPVS 10.96.0.10:80/tcp: -> 10.244.1.2:8080 weight 1 active 0 inactive 0",
            "PRESENT IPVS 10.96.0.10:80/tcp: -> 10.244.2.2:8080 weight 1 active 3 inactive 4");
    assertThat(world.services.evidence(WEB))
        .contains(
            KernelObject.counted(
                "IPVS", "virtual server 10.96.0.10:80/tcp rr connections 7", 70, 7000));
  }

  @Test
  void clientsInsideHaveAServerByMark() throws Exception {
    NodePort port = new NodePort(AddressFamily.IPV4, Protocol.TCP, 30080);
    assertThat(changed(port)).isEmpty();
    assertThat(evidence(port))
        .contains(
            "PRESENT map inet fairlead-ipvs inside-mark-ipv4: 192.0.2.1 . tcp . 30080 : 0x46000001",
            "PRESENT IPVS: virtual server mark 0x46000001 (IPv4) rr connections 0",
            "PRESENT IPVS: virtual server 192.0.2.1:30080/tcp rr connections 0")
        .noneMatch(line -> line.contains("table local"));
  }

  @Test
  void whatOthersDidIsTold() throws Exception {
    world.ipvs.disturb(new IpvsOperation.DeleteRealServer(SERVER, REAL));
    assertThat(changed(WEB))
        .containsExactly("MISSING IPVS 10.96.0.10:80/tcp: -> 10.244.2.2:8080 weight 1");
    world.ipvs.disturb(new VirtualServer(SERVER, "lc", Set.of(), 0));
    assertThat(changed(WEB))
        .contains(
            "DIFFERENT IPVS: found virtual server 10.96.0.10:80/tcp lc,"
                + " wanted virtual server 10.96.0.10:80/tcp rr");
    world.ipvs.disturb(new IpvsOperation.DeleteVirtualServer(SERVER));
    for (Route route : world.links.routes(RouteFilter.ALL)) {
      world.links.applyAll(new RouteOperation.Delete(route));
    }
    CompanionTable.cleanup(world.tables);
    assertThat(evidence(WEB)).hasSize(8).allMatch(line -> line.startsWith("MISSING"));
  }
}
