package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import java.util.List;

/** What a set's elements hold beside their keys. */
public sealed interface SetData {

  /** Nothing: a set, not a map. */
  record None() implements SetData {}

  /** Verdicts. */
  record Verdicts() implements SetData {}

  /** Values of the given fields. */
  record Values(List<Field> fields) implements SetData {
    public Values {
      fields = List.copyOf(fields);
    }
  }

  /** References to named objects. */
  record Objects(ObjectType type) implements SetData {}

  static SetData none() {
    return new None();
  }

  static SetData verdicts() {
    return new Verdicts();
  }

  static SetData values(Field... fields) {
    return new Values(List.of(fields));
  }

  /** " : verdict"-like, or empty for a set. */
  default String text() {
    return switch (this) {
      case None _ -> "";
      case Verdicts _ -> " : verdict";
      case Values values -> " : " + FieldList.text(values.fields());
      case Objects objects -> " : " + objects.type().text();
    };
  }
}
