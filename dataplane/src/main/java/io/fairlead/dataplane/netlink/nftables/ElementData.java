package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;

/** What an element of a map holds. */
public sealed interface ElementData {

  /** Nothing: the element of a set. */
  record None() implements ElementData {}

  record OfVerdict(Verdict verdict) implements ElementData {}

  /** A value, with its fields padded as in keys. */
  record OfValue(Bytes value) implements ElementData {}

  record OfObject(String name) implements ElementData {}

  /** " : goto endpoints-2"-like, or empty. */
  default String text(SetData type) {
    return switch (this) {
      case None _ -> "";
      case OfVerdict verdict -> " : " + verdict.verdict();
      case OfObject object -> " : \"" + object.name() + "\"";
      case OfValue value ->
          " : "
              + (type instanceof SetData.Values values
                  ? FieldList.format(values.fields(), value.value())
                  : value.value());
    };
  }
}
