package io.fairlead.bench.lab;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;

/** The number of a namespace's nftables ruleset, which grows with every transaction. */
public final class NftGeneration {

  /** linux/netfilter/nf_tables.h and nfnetlink.h. */
  private static final int GET_GENERATION = 10 << 8 | 16;

  private static final int NFTA_GEN_ID = 1;

  /** struct nfgenmsg: u8 family, u8 version, u16 resource, all zero here. */
  private static final int NFGENMSG_LENGTH = 4;

  private NftGeneration() {}

  public static int read(LabNamespace namespace) throws IOException, InterruptedException {
    return namespace.call(() -> {
      try (NetlinkSocket socket = NetlinkSocket.open(NetlinkConstants.NETLINK_NETFILTER)) {
        List<Integer> answers =
            socket.query(
                "read the generation of nftables",
                GET_GENERATION,
                0,
                writer -> writer.zeros(NFGENMSG_LENGTH),
                message -> {
                  AttributeReader attributes = message.attributes(NFGENMSG_LENGTH);
                  while (attributes.next()) {
                    if (attributes.type() == NFTA_GEN_ID) {
                      return attributes.u32Be();
                    }
                  }
                  return null;
                });
        return answers.getFirst();
      }
    });
  }
}
