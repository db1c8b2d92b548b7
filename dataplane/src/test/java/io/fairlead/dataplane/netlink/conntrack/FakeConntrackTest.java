package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.conntrack.ConntrackEntries.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeConntrackTest {

  private final ConntrackEntry first = udp("10.0.0.1", 40000, "10.96.0.10", "10.244.1.2", 7);
  private final ConntrackEntry second = udp("fd00::1", 40000, "fd00:96::10", "fd00:244::2", 8);
  private final FakeConntrack fake = new FakeConntrack().add(second).add(first);

  @Test
  void itsTextIsCanonical() {
    assertThat(fake)
        .hasToString(
            """
            udp 10.0.0.1:40000 -> 10.96.0.10:53 reply 10.244.1.2:5353 -> 10.0.0.1:40000 \
            [CONFIRMED DST_NAT] timeout 30 id 7
            udp [fd00::1]:40000 -> [fd00:96::10]:53 reply [fd00:244::2]:5353 -> [fd00::1]:40000 \
            [CONFIRMED DST_NAT] timeout 30 id 8
            """);
  }

  @Test
  void itFiltersAsTheKernelDoes() throws Exception {
    List<ConntrackEntry> seen = new ArrayList<>();
    fake.dump(
        ConntrackFilter.ALL
            .withProtocol(17)
            .withReply(TupleFilter.from(IpAddress.parse("fd00:244::2"))),
        seen::add);
    assertThat(seen).containsExactly(second);
  }

  @Test
  void aRecycledTupleIsNotDeleted() {
    ConntrackEntry recycled = udp("10.0.0.1", 40000, "10.96.0.10", "10.244.1.3", 9);
    fake.add(recycled);
    assertThat(fake.count()).isEqualTo(2);
    assertThat(fake.delete(List.of(first, second))).isEqualTo(1);
    assertThat(fake.toString()).contains("id 9").doesNotContain("id 8");
  }
}
