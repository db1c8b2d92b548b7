package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AddressClaimsTest {

  private static VirtualAddress address(int last) {
    return new VirtualAddress(IpAddress.parse("10.96.0." + last), Protocol.TCP, 80);
  }

  private static ObjectKey key(int number) {
    return new ObjectKey("default", "service-" + number);
  }

  private static List<EndpointAddress> endpoints(int last) {
    return List.of(new EndpointAddress(IpAddress.parse("10.244.0." + last), 80));
  }

  private static ServiceFragment fragment(
      int service, SortedMap<VirtualAddress, List<EndpointAddress>> addresses) {
    return new ServiceFragment(key(service), addresses);
  }

  private static SortedMap<VirtualAddress, List<EndpointAddress>> one(int address, int endpoint) {
    TreeMap<VirtualAddress, List<EndpointAddress>> addresses = new TreeMap<>();
    addresses.put(address(address), endpoints(endpoint));
    return addresses;
  }

  @Test
  void theFirstServiceByKeyHasAnAddressAndTheOtherTakesOver() {
    AddressClaims claims = new AddressClaims();
    claims.update(key(2), fragment(2, one(1, 2)));
    claims.update(key(1), fragment(1, one(1, 1)));
    assertThat(claims.endpoints(address(1))).isEqualTo(endpoints(1));
    assertThat(claims.conflicts())
        .singleElement()
        .hasToString(
            "Service default/service-2 does not get 10.96.0.1:80/tcp, which Service"
                + " default/service-1 has; give one of them another address or port");
    assertThat(claims.update(key(1), null)).containsExactly(address(1));
    assertThat(claims.endpoints(address(1))).isEqualTo(endpoints(2));
    assertThat(claims.conflicts()).isEmpty();
    claims.update(key(2), null);
    assertThat(claims.endpoints(address(1))).isNull();
    assertThat(claims.addresses()).isEmpty();
  }

  @Test
  void onlyWhatChangedIsReported() {
    AddressClaims claims = new AddressClaims();
    SortedMap<VirtualAddress, List<EndpointAddress>> two = one(1, 1);
    two.put(address(2), endpoints(2));
    assertThat(claims.update(key(1), fragment(1, two))).containsExactly(address(1), address(2));
    assertThat(claims.update(key(1), fragment(1, two))).isEmpty();
    TreeMap<VirtualAddress, List<EndpointAddress>> changed = new TreeMap<>(two);
    changed.put(address(2), endpoints(3));
    assertThat(claims.update(key(1), fragment(1, changed))).containsExactly(address(2));
  }

  @Test
  void everyHistoryEndsLikeAFreshStart() {
    RandomGenerator random = Seed.generator("claims");
    for (int round = 0; round < 200; round++) {
      AddressClaims claims = new AddressClaims();
      TreeMap<ObjectKey, ServiceFragment> model = new TreeMap<>();
      for (int step = 0; step < 30; step++) {
        int service = random.nextInt(5);
        if (random.nextInt(3) == 0) {
          model.remove(key(service));
          claims.update(key(service), null);
        } else {
          TreeMap<VirtualAddress, List<EndpointAddress>> addresses = new TreeMap<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            addresses.put(address(random.nextInt(6)), endpoints(random.nextInt(9)));
          }
          model.put(key(service), fragment(service, addresses));
          claims.update(key(service), fragment(service, addresses));
        }
        assertLike(model, claims);
      }
    }
  }

  private static void assertLike(
      SortedMap<ObjectKey, ServiceFragment> model, AddressClaims claims) {
    Set<VirtualAddress> claimed = new HashSet<>();
    int conflicts = 0;
    for (ServiceFragment fragment : model.values()) {
      for (var entry : fragment.addresses().entrySet()) {
        if (claimed.add(entry.getKey())) {
          assertThat(Objects.equals(claims.endpoints(entry.getKey()), entry.getValue())).isTrue();
        } else {
          conflicts++;
        }
      }
    }
    assertThat(claims.addresses()).isEqualTo(claimed);
    assertThat(claims.conflicts()).hasSize(conflicts);
  }
}
