package io.fairlead.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ExpectedKeys;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotKeysTest {

  private static final SlotKeys KEYS = new SlotKeys();

  private final RandomGenerator random = Seed.generator("slots");
  private final FakeNfTables kernel = new FakeNfTables();
  private final ServiceTable services = new ServiceTable(kernel);

  private void update(int number) {
    boolean ipv4 = number % 3 != 0;
    String prefix = ipv4 ? "10.244." : "[fd00:244::";
    String middle = ipv4 ? "." : ":";
    String suffix = ipv4 ? ":8080" : "]:8080";
    String[] anywhere =
        IntStream.range(0, random.nextInt(12))
            .mapToObj(i -> prefix + number + middle + (i + 1) + suffix)
            .toArray(String[]::new);
    String[] here = List.of(anywhere).subList(0, anywhere.length / 2).toArray(String[]::new);
    String address = ipv4 ? "10.96.0." + number + ":80" : "[fd00:96::" + number + "]:80";
    String name = "s" + number;
    SampleService service = ipv4 ? SampleService.ipv4(name) : SampleService.ipv6(name);
    Reach reach = random.nextBoolean() ? Reach.LOCAL_FROM_OUTSIDE : Reach.CLUSTER;
    service.cluster(anywhere).local(here).clusterIp(address).nodePort(30_000 + number, reach);
    if (random.nextBoolean()) {
      var _ = service.balancer(address.replace("96", "98"), reach);
    }
    if (random.nextInt(4) == 0) {
      var _ = service.affinity(60);
    }
    services.update(Samples.key(name), service.build());
  }

  private static List<NfSet> slots() {
    List<NfSet> sets = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      sets.add(ServiceSets.of(family).virtual().endpoints());
      sets.add(ServiceSets.of(family).nodePorts().endpoints());
    }
    return sets;
  }

  private TableSnapshot snapshot() throws Exception {
    return kernel.dump(NftablesServices.table()).orElseThrow();
  }

  @Test
  void frontendsDescribeAllSlotsAndNoOthers() throws Exception {
    for (int round = 0; round < 5; round++) {
      for (int number = 1; number < 100; number++) {
        update(number);
      }
      services.commit();
      TableSnapshot snapshot = snapshot();
      for (NfSet set : slots()) {
        ExpectedKeys expected = KEYS.keys(set, snapshot.elements());
        List<Bytes> keys = new ArrayList<>();
        expected.keys().forEach(keys::add);
        Set<Bytes> present = new HashSet<>();
        snapshot.elements(set.name()).forEach(element -> present.add(element.key()));
        assertThat(present).as(set.name()).isNotEmpty();
        assertThat(keys).as(set.name()).containsExactlyInAnyOrderElementsOf(present);
        assertThat(expected.count()).isEqualTo(keys.size());
      }
    }
  }

  @Test
  void onlyMapsOfSlotsAreDescribed() throws Exception {
    services.commit();
    assertThat(snapshot().sets().stream().filter(KEYS::describes))
        .containsExactlyInAnyOrderElementsOf(slots());
  }

  @Test
  void whatIsNotOursDescribesNothing() throws Exception {
    services.commit();
    NfSet frontends = ServiceSets.of(AddressFamily.IPV4).virtual().services();
    SetElement foreign = SetElement.of(Bytes.zeros(12), Bytes.u32(0));
    kernel.disturb(NfTransaction.of(new NfOperation.AddElements(frontends, List.of(foreign))));
    NfSet set = slots().getFirst();
    assertThat(KEYS.keys(set, snapshot().elements()).count()).isZero();
    SetElement longer = SetElement.of(Bytes.zeros(64), Bytes.u32(3));
    ExpectedKeys none = KEYS.keys(set, Map.of(frontends.name(), List.of(longer)));
    assertThat(none.count()).isZero();
    assertThat(none.keys()).isEmpty();
    assertThat(KEYS.keys(set, Map.of()).keys()).isEmpty();
  }
}
