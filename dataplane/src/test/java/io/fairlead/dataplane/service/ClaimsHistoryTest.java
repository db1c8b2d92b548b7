package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims.Owner;
import io.fairlead.dataplane.testing.Seed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every history of claims ends like a fresh start, and tells at each step what it changed. */
class ClaimsHistoryTest {

  /** All that a client of an address can notice. */
  private record Treatment(
      ObjectKey service,
      String port,
      int affinity,
      Frontend frontend,
      EndpointSet inside,
      EndpointSet outside) {

    static Map<FrontendAddress, Treatment> of(AddressClaims claims) {
      Map<FrontendAddress, Treatment> treatments = new HashMap<>();
      for (FrontendAddress address : claims.addresses()) {
        Owner owner = claims.owner(address);
        assertThat(owner).as("owner of %s", address).isNotNull();
        ServicePortFragment port = owner.port();
        treatments.put(
            address,
            new Treatment(
                owner.service(),
                port.name(),
                port.affinitySeconds(),
                owner.frontend(),
                port.inside(owner.frontend()),
                port.outside(owner.frontend())));
      }
      return treatments;
    }
  }

  private static String some(RandomGenerator random, String prefix, int from) {
    return IntStream.range(0, random.nextInt(3))
        .mapToObj(_ -> prefix + (1 + random.nextInt(from)))
        .collect(Collectors.joining(" "));
  }

  private static ServiceFragment random(RandomGenerator random, int service) {
    TestService wanted =
        new TestService()
            .name("s" + service)
            .created(random.nextInt(3))
            .clusterIps("10.96.0." + (1 + random.nextInt(6)))
            .externalIps(some(random, "192.0.2.", 3))
            .balancerIps(some(random, "192.0.2.", 3))
            .affinity(random.nextInt(4) == 0 ? 60 : 0)
            .policies(any(random), any(random));
    if (random.nextBoolean()) {
      wanted.ranges("203.0.113.0/24");
    }
    wanted.port("a", Protocol.TCP, 80, random.nextInt(3));
    if (random.nextBoolean()) {
      wanted.port(random.nextBoolean() ? "b" : "c", Protocol.TCP, 81, random.nextInt(3));
    }
    return wanted.fragment(
        TestSlice.of(
            "x",
            some(random, "10.0.0.", 3).replace(" ", ";"),
            new EndpointPort(random.nextBoolean() ? "a" : "b", Protocol.TCP, 8080)));
  }

  private static TrafficPolicy any(RandomGenerator random) {
    return random.nextBoolean() ? TrafficPolicy.CLUSTER : TrafficPolicy.LOCAL;
  }

  @Test
  @DisplayName("random histories, deletions and comebacks included (services 11, 32)")
  void everyHistoryEndsLikeAFreshStart() {
    RandomGenerator random = Seed.generator("claims");
    for (int round = 0; round < 100; round++) {
      AddressClaims claims = new AddressClaims();
      Map<ObjectKey, ServiceFragment> model = new TreeMap<>();
      Map<FrontendAddress, Treatment> before = Map.of();
      for (int step = 0; step < 40; step++) {
        int service = random.nextInt(5);
        ObjectKey key = new ObjectKey("default", "s" + service);
        ServiceFragment fragment = random.nextInt(4) == 0 ? null : random(random, service);
        ServiceFragment had = fragment == null ? model.remove(key) : model.put(key, fragment);
        ServiceChange change = claims.update(key, fragment);
        AddressClaims fresh = new AddressClaims();
        model.forEach(fresh::update);
        Map<FrontendAddress, Treatment> after = Treatment.of(fresh);
        assertThat(Treatment.of(claims)).isEqualTo(after);
        assertThat(claims.conflicts()).isEqualTo(fresh.conflicts());
        assertThat(claims.services()).isEqualTo(model.size());
        assertThat(change.before()).isEqualTo(had);
        assertThat(change.after()).isEqualTo(fragment);
        assertThat(change.addresses()).isEqualTo(difference(before, after));
        before = after;
      }
    }
  }

  private static Set<FrontendAddress> difference(
      Map<FrontendAddress, Treatment> before, Map<FrontendAddress, Treatment> after) {
    Set<FrontendAddress> changed = new HashSet<>(before.keySet());
    changed.addAll(after.keySet());
    changed.removeIf(address -> Objects.equals(before.get(address), after.get(address)));
    return changed;
  }
}
