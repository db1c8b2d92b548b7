package io.fairlead.overlay;

import static io.fairlead.overlay.Nodes.dual;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.testing.Killed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is killed between any two operations, and the one that comes after it. */
class KilledTest {

  private static final List<NodeRecord> BEFORE = List.of(dual(1), dual(2), dual(3));
  private static final List<NodeRecord> AFTER = List.of(dual(1), dual(3), dual(4), dual(5));
  private static final Route FOREIGN =
      Route.to(Cidr.parse("198.51.100.0/24"))
          .via(IpAddress.parse("192.0.2.77"))
          .withProtocol(4); // RTPROT_STATIC

  @TempDir private Path sysctls;

  @BeforeEach
  void settings() throws IOException {
    for (String link : List.of("all", "eth0", TunnelDevice.NAME)) {
      Files.createDirectories(sysctls.resolve(link));
      Files.writeString(sysctls.resolve(link).resolve("rp_filter"), "0\n");
    }
  }

  private static FakeRouteKernel node() throws IOException {
    FakeRouteKernel kernel = new FakeRouteKernel();
    int eth0 = kernel.addDevice("eth0", MacAddress.parse("02:00:00:00:00:aa"), 1500);
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("192.0.2.1"), 24)),
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("2001:db8::1"), 64)),
        new RouteOperation.Add(FOREIGN.dev(eth0)));
    return kernel;
  }

  private Overlay overlay(RouteKernel kernel) {
    return new Overlay(
        kernel,
        new ReversePathFilter(sysctls),
        "node-1",
        OverlayOptions.of(OverlayMode.VXLAN),
        null,
        () -> 0);
  }

  /** Whether an agent was killed at that step; another one took over. */
  private boolean survives(int step, boolean cold) throws IOException {
    FakeRouteKernel kernel = node();
    if (!cold) {
      overlay(kernel).replaceNodes(BEFORE);
    }
    Killed life = new Killed(step);
    try {
      overlay(life.over(RouteKernel.class, kernel)).replaceNodes(AFTER);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("killed");
    }
    Overlay next = overlay(kernel);
    next.replaceNodes(AFTER);
    assertThat(next.audit()).isEqualTo(new OverlayOutcome(List.of(), List.of()));
    FakeRouteKernel reference = node();
    overlay(reference).replaceNodes(AFTER);
    assertThat(kernel.dump().lines().sorted().toList())
        .as("killed at step %d", step)
        .isEqualTo(reference.dump().lines().sorted().toList())
        .anyMatch(line -> line.contains("198.51.100.0/24"));
    return life.isDead();
  }

  @Test
  @DisplayName("killed before any operation: the next agent converges (faults 1)")
  void everyOperation() throws IOException {
    for (boolean cold : new boolean[] {true, false}) {
      int step = 0;
      while (survives(step, cold)) {
        step++;
      }
      assertThat(step).as("operations").isGreaterThan(10);
    }
  }
}
