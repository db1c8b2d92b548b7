package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in IPVS, over an imitation of it. */
class ComparisonTest {

  private final World world = new World();

  @BeforeEach
  void make() throws Exception {
    world.commit(
        Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.2", "10.244.2.3"),
        Sample.named("local")
            .clusterIp("10.96.0.11", "fd00:96::b")
            .balancerIp("203.0.113.9")
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2", "fd00:244:1::2"));
  }

  private Comparison compare() throws Exception {
    String before = world.kernel();
    Comparison result = world.services.compare(world.claims, World.SETTINGS, List.of());
    assertThat(world.kernel()).isEqualTo(before);
    return result;
  }

  @Test
  void aRightStateIsClean() throws Exception {
    Comparison result = compare();
    assertThat(result.differences()).isEmpty();
    assertThat(result.right().get("virtual servers")).isGreaterThan(2);
    assertThat(result.right().get("real servers")).isGreaterThan(2);
    assertThat(result.right()).containsKeys("routes", "rules", "elements");
  }

  @Test
  void serversAndRoutes() throws Exception {
    world.ipvs.disturb(
        new IpvsOperation.DeleteRealServer(
            World.server("10.96.0.10:80"),
            new RealServer(IpAddress.parse("10.244.2.2"), 8080, ForwardingMethod.MASQUERADE, 1)
                .id()),
        new IpvsOperation.AddRealServer(
            World.server("10.96.0.10:80"),
            new RealServer(IpAddress.parse("192.0.2.9"), 80, ForwardingMethod.MASQUERADE, 1)),
        new IpvsOperation.ChangeRealServer(
            World.server("10.96.0.10:80"),
            new RealServer(IpAddress.parse("10.244.2.3"), 8080, ForwardingMethod.MASQUERADE, 7)));
    Route route =
        world.links.routes(RouteFilter.ALL.withTable(Route.TABLE_LOCAL)).stream()
            .filter(one -> one.destination().equals(Cidr.parse("10.96.0.10/32")))
            .findFirst()
            .orElseThrow();
    world.links.applyAll(new RouteOperation.Delete(route));
    List<Difference> differences = compare().differences();
    assertThat(differences.subList(0, 3))
        .containsExactly(
            Difference.missing("IPVS", "-a -t 10.96.0.10:80 -r 10.244.2.2:8080 -m -w 1"),
            Difference.different(
                "IPVS",
                "-a -t 10.96.0.10:80 -r 10.244.2.3:8080 -m -w 1",
                "-a -t 10.96.0.10:80 -r 10.244.2.3:8080 -m -w 7"),
            Difference.extra("IPVS", "-a -t 10.96.0.10:80 -r 192.0.2.9:80 -m -w 1"));
    assertThat(differences).hasSize(4);
    assertThat(differences.getLast().place()).isEqualTo("table local");
    assertThat(differences.getLast().wanted()).startsWith("local 10.96.0.10/32 dev");
    assertThat(world.services.audit()).isNotEmpty();
    // What is too much waits for its connections, of which there are none, until somebody looks.
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void anEndpointThatLeavesIsNoDifference() throws Exception {
    RealServer real =
        new RealServer(IpAddress.parse("10.244.2.2"), 8080, ForwardingMethod.MASQUERADE, 1);
    world.ipvs.count(World.server("10.96.0.10:80"), real.id(), 3, 0);
    world.commit(Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.3"));
    assertThat(world.ipvs.toString()).contains("weight 0");
    assertThat(compare().differences()).isEmpty();
    world.ipvs.count(World.server("10.96.0.10:80"), real.id(), 0, 0);
    assertThat(compare().differences()).isEmpty();
  }
}
