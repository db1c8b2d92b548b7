package io.fairlead.bench.ffi;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.NftablesCodecs;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import java.util.List;

/**
 * What is asked of the kernel: requests as bytes, which are sent in turn, each answered by one
 * datagram.
 */
enum Exchange {
  /** One question and its answer of some 1,300 bytes: RTM_GETLINK for the loopback device. */
  LINK("rtnetlink, one link", NetlinkConstants.NETLINK_ROUTE, 0) {
    @Override
    List<byte[]> requests() {
      MessageWriter writer = new MessageWriter();
      writer.begin(RTM_GETLINK, NetlinkConstants.NLM_F_REQUEST, 0);
      // struct ifinfomsg: any family, index 0.
      writer.zeros(16).attributeString(IFLA_IFNAME, "lo").end();
      return List.of(writer.toBytes());
    }
  },

  /**
   * A transaction that puts an element into a set, and one that takes it out: a message that begins
   * it (20 bytes), one with the element, which is acknowledged, and one that ends it.
   */
  ELEMENT("nf_tables, one element", NetlinkConstants.NETLINK_NETFILTER, 20) {
    @Override
    List<byte[]> requests() {
      List<SetElement> one = List.of(SetElement.of(Bytes.of(IpAddress.parse("10.0.0.1"))));
      return List.of(
          NftablesCodecs.batch(NfTransaction.of(new NfOperation.AddElements(SET, one))),
          NftablesCodecs.batch(NfTransaction.of(new NfOperation.DeleteElements(SET, one))));
    }
  };

  /** Of linux/rtnetlink.h and if_link.h. */
  private static final int RTM_GETLINK = 18;

  private static final int IFLA_IFNAME = 3;

  static final TableName TABLE = TableName.inet("ffi");
  private static final NfSet SET = NfSet.set(TABLE, "addresses", "", Fields.IP_DADDR);

  private final String title;
  private final int protocol;
  private final int answered;

  Exchange(String title, int protocol, int answered) {
    this.title = title;
    this.protocol = protocol;
    this.answered = answered;
  }

  /** What the cells call it. */
  String title() {
    return title;
  }

  /** A NETLINK_ constant. */
  int protocol() {
    return protocol;
  }

  /** Where the message that is answered begins in a request. */
  int answered() {
    return answered;
  }

  /** What is to be sent in turn; sequence numbers are 0. */
  abstract List<byte[]> requests();

  /** What {@link #ELEMENT} needs in the kernel. */
  static NfTransaction preparation() {
    return NfTransaction.of(
        new NfOperation.AddTable(NfTable.of(TABLE, "")), new NfOperation.AddSet(SET));
  }

  /**
   * The exchange with a title.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Exchange titled(String title) {
    for (Exchange exchange : values()) {
      if (exchange.title.equals(title)) {
        return exchange;
      }
    }
    throw new IllegalArgumentException("there is no exchange \"" + title + "\"");
  }
}
