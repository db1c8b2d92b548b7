package io.fairlead.overlay;

import static io.fairlead.overlay.Nodes.dual;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody deletes the device while it is being mended. */
class VanishingDeviceTest {

  private static final LinkSelector DEVICE = LinkSelector.of(TunnelDevice.NAME);
  private static final List<NodeRecord> NODES = List.of(dual(1), dual(2));

  private final FakeRouteKernel kernel = new FakeRouteKernel();
  private final MeddledKernel meddled = new MeddledKernel(kernel);
  @TempDir private Path sysctls;
  private Overlay overlay;
  private long now;

  @BeforeEach
  void start() throws Exception {
    int eth0 = kernel.addDevice("eth0", MacAddress.parse("02:00:00:00:00:aa"), 1500);
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("192.0.2.1"), 24)),
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("2001:db8::1"), 64)));
    for (String link : List.of("all", "eth0", TunnelDevice.NAME)) {
      Files.createDirectories(sysctls.resolve(link));
      Files.writeString(sysctls.resolve(link).resolve("rp_filter"), "0\n");
    }
    overlay =
        new Overlay(
            meddled,
            new ReversePathFilter(sysctls),
            "node-1",
            OverlayOptions.of(OverlayMode.VXLAN),
            null,
            () -> now);
    overlay.replaceNodes(NODES);
  }

  /** The device's MTU is changed, and the overlay hears of it. */
  private void damage() throws Exception {
    kernel.applyAll(new ChangeLink(DEVICE, LinkSettings.NONE.withMtu(1300)));
    Link device = Objects.requireNonNull(kernel.link(TunnelDevice.NAME));
    overlay.handle(List.of(new RouteEvent.Changed(device)));
  }

  private static boolean isAbout(List<? extends RouteOperation> ours, Class<?> kind) {
    return ours.stream().anyMatch(kind::isInstance);
  }

  private void assertRepaired() throws Exception {
    assertThat(kernel.link(TunnelDevice.NAME)).isNotNull();
    assertThat(overlay.audit()).isEqualTo(new OverlayOutcome(List.of(), List.of()));
    assertThat(kernel.dump()).contains("route 10.244.2.0/24", "forwarding", "neighbour");
  }

  @Test
  @DisplayName("Deleted right before it is mended, the device is made anew (pod-network 42)")
  void deletedBeforeItIsMended() throws Exception {
    meddled.before =
        ours -> {
          if (isAbout(ours, ChangeLink.class)) {
            kernel.applyAll(new DeleteLink(DEVICE));
          }
        };
    damage();
    assertRepaired();
  }

  @Test
  @DisplayName("Deleted right after it was mended, the device is made anew (pod-network 42)")
  void deletedAfterItWasMended() throws Exception {
    meddled.after =
        ours -> {
          if (isAbout(ours, ChangeLink.class)) {
            kernel.applyAll(new DeleteLink(DEVICE));
          }
        };
    damage();
    assertRepaired();
  }

  @Test
  @DisplayName("Who deletes the device at once whenever it is made is answered once a second")
  void deletedWheneverItIsMade() throws Exception {
    AtomicInteger made = new AtomicInteger();
    meddled.after =
        ours -> {
          if (isAbout(ours, AddLink.class)) {
            made.incrementAndGet();
            kernel.applyAll(new DeleteLink(DEVICE));
          }
        };
    kernel.applyAll(new DeleteLink(DEVICE));
    overlay.audit();
    assertThat(made).hasValue(RepairLimit.BURST + 1);
    assertThat(overlay.dueIn()).isEqualTo(RepairLimit.PERIOD);
    now += RepairLimit.PERIOD;
    overlay.handle(List.of());
    assertThat(made).hasValue(RepairLimit.BURST + 2);
    meddled.after = MeddledKernel.Meddler.NOBODY;
    now += overlay.dueIn();
    overlay.handle(List.of());
    assertRepaired();
  }
}
