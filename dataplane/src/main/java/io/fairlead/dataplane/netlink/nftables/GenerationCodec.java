package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkMessage;

/** The number of the ruleset's state as a message: enum nft_gen_attributes. */
final class GenerationCodec {

  private static final int NFTA_GEN_ID = 1;
  private static final int NFTA_GEN_PROC_PID = 2;
  private static final int NFTA_GEN_PROC_NAME = 3;

  private GenerationCodec() {}

  static NfEvent.NewGeneration read(NetlinkMessage message) {
    long id = 0;
    int process = 0;
    String name = "";
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_GEN_ID -> id = Integer.toUnsignedLong(attributes.u32Be());
        case NFTA_GEN_PROC_PID -> process = attributes.u32Be();
        case NFTA_GEN_PROC_NAME -> name = attributes.string();
        default -> {}
      }
    }
    return new NfEvent.NewGeneration(id, process, name);
  }
}
