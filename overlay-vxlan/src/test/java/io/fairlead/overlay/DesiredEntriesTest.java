package io.fairlead.overlay;

import static io.fairlead.overlay.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.testing.Seed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DesiredEntriesTest {

  private static final PeerPlanner PLANNER =
      new PeerPlanner(
          node("self", "192.0.2.200", "10.244.200.0/24"),
          new Underlay(
              Map.of(
                  AddressFamily.IPV4,
                  new Underlay.Path(
                      IpAddress.parse("192.0.2.200"),
                      2,
                      "eth0",
                      1500,
                      List.of(Cidr.parse("192.0.2.0/24")))),
              AddressFamily.IPV4),
          OverlayOptions.of(OverlayMode.VXLAN),
          7);

  @Test
  @DisplayName(
      "A pod CIDR claimed twice goes to the first by name, and is reported (pod-network 41)")
  void aSharedPodCidrHasOneWinner() {
    DesiredEntries desired = new DesiredEntries();
    desired.put("b", PLANNER.plan(node("b", "192.0.2.2", "10.244.2.0/24")));
    desired.put("a", PLANNER.plan(node("a", "192.0.2.1", "10.244.2.0/24")));
    assertThat(desired.problems())
        .extracting(OverlayProblem::toString)
        .containsExactly(
            "node b: node a claims its pod CIDR 10.244.2.0/24 too and keeps it; give one of them"
                + " another");
    Place neighbour = new Place.NeighbourPlace(7, IpAddress.parse("10.244.2.0"));
    assertThat(desired.entry(neighbour)).asString().contains(VtepAddress.mac("a").toString());
    desired.put("a", PeerPlan.NOTHING);
    assertThat(desired.problems()).isEmpty();
    assertThat(desired.entry(neighbour)).asString().contains(VtepAddress.mac("b").toString());
  }

  @Test
  void theOrderOfChangesMakesNoDifference() {
    RandomGenerator random = Seed.generator("DesiredEntriesTest");
    DesiredEntries grown = new DesiredEntries();
    Map<Place, RouteEntry> mirror = new HashMap<>();
    Map<String, NodeRecord> nodes = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      String name = "n" + random.nextInt(12);
      if (random.nextInt(4) == 0) {
        nodes.remove(name);
      } else {
        nodes.put(
            name,
            node(
                name,
                "192.0.2." + (1 + random.nextInt(9)),
                "10.244." + random.nextInt(9) + ".0/24",
                "fd00:" + random.nextInt(9) + "::/64"));
      }
      NodeRecord node = nodes.get(name);
      PeerPlan plan = node == null ? PeerPlan.NOTHING : PLANNER.plan(node);
      for (Place place : grown.put(name, plan)) {
        RouteEntry entry = grown.entry(place);
        if (entry == null) {
          mirror.remove(place);
        } else {
          mirror.put(place, entry);
        }
      }
      assertSame(grown, fresh(nodes), mirror);
    }
  }

  private static DesiredEntries fresh(Map<String, NodeRecord> nodes) {
    DesiredEntries fresh = new DesiredEntries();
    nodes.values().forEach(node -> fresh.put(node.name(), PLANNER.plan(node)));
    return fresh;
  }

  /** The places that changes touched are all that differ from a plan made at once. */
  private static void assertSame(
      DesiredEntries grown, DesiredEntries fresh, Map<Place, RouteEntry> mirror) {
    Map<Place, RouteEntry> whole = new HashMap<>();
    fresh.places().forEach(place -> whole.put(place, Objects.requireNonNull(fresh.entry(place))));
    assertThat(mirror).isEqualTo(whole);
    assertThat(grown.problems()).containsExactlyInAnyOrderElementsOf(fresh.problems());
    assertThat(grown.routes()).isEqualTo(fresh.routes());
  }
}
