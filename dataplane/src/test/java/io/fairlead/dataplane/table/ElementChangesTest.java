package io.fairlead.dataplane.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.service.VirtualAddress;
import org.junit.jupiter.api.Test;

class ElementChangesTest {

  private static final TableName TABLE = TableName.inet("t");
  private static final NfSet SET = NfSet.set(TABLE, "set", "", Fields.IP_DADDR);
  private static final NfSet MAP =
      NfSet.map(TABLE, "map", "", SetData.values(Fields.MARK), Fields.IP_DADDR);
  private static final NfSet RANGES =
      NfSet.set(
              TABLE,
              "ranges",
              "",
              Fields.IP_DADDR,
              Fields.L4PROTO,
              Fields.TH_DPORT,
              Fields.IP_SADDR)
          .withIntervals();

  private final ElementChanges changes = new ElementChanges();

  private static SetElement plain(String address) {
    return SetElement.of(Bytes.of(IpAddress.parse(address)));
  }

  private static SetElement mark(String address, int value) {
    return SetElement.of(Bytes.of(IpAddress.parse(address)), Bytes.u32(value));
  }

  private static SetElement range(int port, String clients) {
    VirtualAddress address = new VirtualAddress(IpAddress.parse("10.0.0.1"), Protocol.TCP, port);
    return ServiceKeys.allowed(address, Cidr.parse(clients));
  }

  @Test
  void whatComesAndGoesLeavesNoTrace() {
    changes.add(SET, plain("10.0.0.1"));
    changes.remove(SET, plain("10.0.0.1"));
    changes.remove(MAP, mark("10.0.0.2", 1));
    changes.add(MAP, mark("10.0.0.2", 1));
    assertThat(changes.size()).isZero();
    assertThat(changes.additions()).isEmpty();
    assertThat(changes.removals()).isEmpty();
  }

  @Test
  void anotherValueOfAKeyTakesItsPlace() {
    changes.remove(MAP, mark("10.0.0.2", 1));
    changes.add(MAP, mark("10.0.0.2", 2));
    changes.remove(MAP, mark("10.0.0.3", 1));
    assertThat(changes.replacedRemovals()).hasToString("[delete element inet t map { 10.0.0.2 }]");
    assertThat(changes.pureRemovals()).hasToString("[delete element inet t map { 10.0.0.3 }]");
    changes.keepPureRemovals();
    assertThat(changes.additions()).isEmpty();
    assertThat(changes.removals()).isEqualTo(changes.pureRemovals());
    // Back before it went.
    changes.add(MAP, mark("10.0.0.3", 1));
    assertThat(changes.size()).isZero();
  }

  @Test
  void rangesOfOneAddressReplaceEachOther() {
    changes.remove(RANGES, range(80, "10.0.0.0/8"));
    changes.add(RANGES, range(80, "10.1.0.0/16"));
    changes.remove(RANGES, range(81, "10.0.0.0/8"));
    assertThat(changes.replacedRemovals())
        .hasToString("[delete element inet t ranges { 10.0.0.1 . tcp . 80 . 10.0.0.0/8 }]");
    assertThat(changes.pureRemovals())
        .hasToString("[delete element inet t ranges { 10.0.0.1 . tcp . 81 . 10.0.0.0/8 }]");
    changes.forgetPureRemovals();
    assertThat(changes.size()).isEqualTo(2);
    assertThat(changes.pureRemovals()).isEmpty();
  }

  @Test
  void countedElementsAreThereWhileSomebodyNeedsThem() {
    CountedElements counted = new CountedElements();
    IpAddress address = IpAddress.parse("10.0.0.1");
    counted.count(address, 2, SET, ServiceKeys.address(address), changes);
    counted.count(address, -1, SET, ServiceKeys.address(address), changes);
    assertThat(changes.additions()).hasToString("[add element inet t set { 10.0.0.1 }]");
    counted.count(address, -1, SET, ServiceKeys.address(address), changes);
    assertThat(changes.size()).isZero();
  }
}
