package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.List;

/**
 * enum nft_match_attributes and enum nft_target_attributes, which have the same numbers
 * (linux/netfilter/nf_tables_compat.h).
 */
public final class XtAttributes {

  private static final int NAME = 1;
  private static final int REVISION = 2;
  private static final int INFO = 3;

  private XtAttributes() {}

  static void write(MessageWriter writer, String name, int revision, Bytes info) {
    writer.attributeString(NAME, name).attributeU32Be(REVISION, revision);
    info.writeAttribute(writer, INFO);
  }

  static Expression readMatch(AttributeReader attributes) {
    XtTarget same = readTarget(attributes);
    return new XtMatch(same.name(), same.revision(), same.info());
  }

  static XtTarget readTarget(AttributeReader attributes) {
    String name = "";
    int revision = 0;
    Bytes info = Bytes.EMPTY;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NAME -> name = attributes.string();
        case REVISION -> revision = attributes.u32Be();
        case INFO -> info = Bytes.wrap(attributes.bytes());
        default -> {}
      }
    }
    return new XtTarget(name, revision, info);
  }

  /**
   * The transport protocol that a rule with extensions of iptables is for, by which the kernel
   * checks whether the extensions may be used.
   *
   * @return 0 for any, or -1 for a rule without extensions
   */
  public static int protocol(List<Expression> rule) {
    if (rule.stream().noneMatch(step -> step instanceof XtMatch || step instanceof XtTarget)) {
      return -1;
    }
    for (int i = 1; i < rule.size(); i++) {
      if (rule.get(i - 1) instanceof Meta(MetaKey key, _)
          && key == MetaKey.L4PROTO
          && rule.get(i) instanceof Cmp(CmpOperator operator, _, Bytes value)
          && operator == CmpOperator.EQUAL
          && value.length() == 1) {
        return value.at(0);
      }
    }
    return 0;
  }
}
