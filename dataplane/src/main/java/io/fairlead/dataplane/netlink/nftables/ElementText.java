package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.DataType;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import java.util.List;

/** Keys of elements in nft's language: values, networks and ranges. */
final class ElementText {

  private ElementText() {}

  static String key(List<Field> fields, Bytes first, Bytes last) {
    if (first.equals(last) || first.length() != FieldList.length(fields)) {
      return FieldList.format(fields, first);
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Field field : fields) {
      text.append(text.isEmpty() ? "" : " . ");
      text.append(
          range(field.type(), first.slice(at, field.length()), last.slice(at, field.length())));
      at += field.paddedLength();
    }
    return text.toString();
  }

  private static String range(DataType type, Bytes first, Bytes last) {
    if (first.equals(last)) {
      return type.format(first);
    }
    boolean address = type == DataType.IPV4_ADDRESS || type == DataType.IPV6_ADDRESS;
    int prefix = address ? prefixLength(first, last) : -1;
    return type.format(first) + (prefix >= 0 ? "/" + prefix : "-" + type.format(last));
  }

  /** The length of the prefix that the range is, or -1 if it is none. */
  private static int prefixLength(Bytes first, Bytes last) {
    int bits = first.length() * 8;
    int common = 0;
    while (common < bits && bit(first, common) == bit(last, common)) {
      common++;
    }
    for (int i = common; i < bits; i++) {
      if (bit(first, i) != 0 || bit(last, i) != 1) {
        return -1;
      }
    }
    return common;
  }

  private static int bit(Bytes bytes, int index) {
    return bytes.at(index / 8) >> (7 - index % 8) & 1;
  }
}
