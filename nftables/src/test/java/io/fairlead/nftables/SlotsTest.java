package io.fairlead.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private static List<EndpointAddress> endpoints(int... last) {
    List<EndpointAddress> result = new ArrayList<>();
    for (int i : last) {
      result.add(new EndpointAddress(IpAddress.parse("10.244.0." + i), 80));
    }
    return result;
  }

  @Test
  void theLastTakesTheSlotOfTheRemoved() {
    assertThat(Slots.assign(endpoints(1, 2, 3), endpoints(2, 3))).isEqualTo(endpoints(3, 2));
    assertThat(Slots.assign(endpoints(1, 2, 3), endpoints(1, 2))).isEqualTo(endpoints(1, 2));
  }

  @Test
  void aNewEndpointTakesTheSlotOfTheReplaced() {
    assertThat(Slots.assign(endpoints(1, 2, 3), endpoints(1, 3, 9))).isEqualTo(endpoints(1, 9, 3));
    assertThat(Slots.assign(endpoints(1), endpoints(0, 1))).isEqualTo(endpoints(1, 0));
  }

  @Test
  void nobodyMovesWithoutNeed() {
    RandomGenerator random = Seed.generator("slots");
    Random shuffle = new Random(random.nextLong());
    for (int i = 0; i < 2_000; i++) {
      List<EndpointAddress> before = some(random, shuffle);
      List<EndpointAddress> wanted = some(random, shuffle);
      List<EndpointAddress> after = Slots.assign(before, wanted);
      assertThat(after).containsExactlyInAnyOrderElementsOf(wanted);
      for (int slot = 0; slot < Math.min(before.size(), after.size()); slot++) {
        boolean stays = wanted.contains(before.get(slot));
        assertThat(after.get(slot).equals(before.get(slot))).isEqualTo(stays);
      }
    }
  }

  private static List<EndpointAddress> some(RandomGenerator random, Random shuffle) {
    List<EndpointAddress> all = endpoints(1, 2, 3, 4, 5, 6, 7, 8);
    Collections.shuffle(all, shuffle);
    return all.subList(0, random.nextInt(9));
  }
}
