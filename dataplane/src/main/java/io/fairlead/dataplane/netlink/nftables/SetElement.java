package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set or map.
 *
 * @param key its fields, each padded to 4 bytes where there are several
 * @param keyEnd the last value that belongs to it, field by field, in a set of ranges; null for a
 *     single value
 * @param timeoutMillis 0 for the set's own
 * @param comment at most 127 bytes of UTF-8; empty for none
 */
public record SetElement(
    Bytes key, @Nullable Bytes keyEnd, ElementData data, long timeoutMillis, String comment) {

  private static final ElementData NO_DATA = new ElementData.None();

  public static SetElement of(Bytes key) {
    return new SetElement(key, null, NO_DATA, 0, "");
  }

  public static SetElement of(Bytes key, ElementData data) {
    return new SetElement(key, null, data, 0, "");
  }

  public static SetElement of(Bytes key, Verdict verdict) {
    return of(key, new ElementData.OfVerdict(verdict));
  }

  public static SetElement of(Bytes key, Bytes value) {
    return of(key, new ElementData.OfValue(value));
  }

  /** All values from {@code first} to {@code last}. */
  public static SetElement range(Bytes first, Bytes last) {
    return new SetElement(first, first.equals(last) ? null : last, NO_DATA, 0, "");
  }

  /** The addresses of a network. */
  public static SetElement of(Cidr cidr) {
    Bytes first = Bytes.of(cidr.network());
    byte[] last = first.toArray();
    for (int i = cidr.prefixLength(); i < last.length * 8; i++) {
      last[i / 8] |= (byte) (0x80 >> i % 8);
    }
    return range(first, Bytes.of(last));
  }

  public SetElement withTimeout(long millis) {
    return new SetElement(key, keyEnd, data, millis, comment);
  }

  public SetElement withComment(String text) {
    return new SetElement(key, keyEnd, data, timeoutMillis, text);
  }

  /** The last value that belongs to the element. */
  public Bytes last() {
    Bytes end = keyEnd;
    return end == null ? key : end;
  }

  /**
   * Whether a packet with these values finds it, field by field.
   *
   * @param fields of the set
   */
  boolean contains(List<Field> fields, Bytes values) {
    int at = 0;
    for (Field field : fields) {
      int length = fields.size() == 1 ? key.length() : field.paddedLength();
      Bytes value = values.slice(at, length);
      if (value.compareTo(key.slice(at, length)) < 0
          || value.compareTo(last().slice(at, length)) > 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The element as nft writes it in a set like {@code set}. */
  public String text(NfSet set) {
    return ElementText.key(set.key(), key, last())
        + (timeoutMillis == 0 ? "" : " timeout " + NfText.duration(timeoutMillis))
        + (comment.isEmpty() ? "" : " " + NfText.comment(comment))
        + data.text(set.data());
  }
}
