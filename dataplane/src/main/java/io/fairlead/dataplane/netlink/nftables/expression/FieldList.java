package io.fairlead.dataplane.netlink.nftables.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One field, or several joined, as libnftables numbers and describes them. */
public final class FieldList {

  /** Each type of a concatenation takes six bits (TYPE_BITS of nftables' datatype.h). */
  private static final int TYPE_BITS = 6;

  private static final int EXPR_CONCAT = 13;

  /** Entries of user data: the kind of an expression and its own part, and the same in a join. */
  private static final int TYPEOF_EXPRESSION = 0;

  private static final int TYPEOF_DATA = 1;

  private static final List<Field> NAMED =
      List.of(
          Fields.IP_SADDR,
          Fields.IP_DADDR,
          Fields.IP6_SADDR,
          Fields.IP6_DADDR,
          Fields.TH_SPORT,
          Fields.TH_DPORT,
          Fields.ETHER_SADDR,
          Fields.ETHER_TYPE,
          Fields.ARP_SADDR_IP);

  private FieldList() {}

  /** NFTA_SET_KEY_TYPE or NFTA_SET_DATA_TYPE. */
  public static int typeNumber(List<Field> fields) {
    int number = 0;
    for (Field field : fields) {
      number = number << TYPE_BITS | field.type().number();
    }
    return number;
  }

  /** Bytes of a value: padded only where several fields are joined. */
  public static int length(List<Field> fields) {
    return fields.size() == 1
        ? fields.getFirst().length()
        : fields.stream().mapToInt(Field::paddedLength).sum();
  }

  /** "ip daddr . th dport". */
  public static String text(List<Field> fields) {
    return fields.stream().map(Field::text).collect(Collectors.joining(" . "));
  }

  /** The value of {@code fields} as nft writes it. */
  public static String format(List<Field> fields, Bytes value) {
    if (value.length() != length(fields)) {
      return value.toString();
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Field field : fields) {
      text.append(text.isEmpty() ? "" : " . ");
      text.append(field.type().format(value.slice(at, field.length())));
      at += field.paddedLength();
    }
    return text.toString();
  }

  /** libnftables' description of the fields; empty if a field has none. */
  public static UserData typeof(List<Field> fields) {
    if (fields.stream().anyMatch(TypedField.class::isInstance)) {
      return new UserData();
    }
    if (fields.size() == 1) {
      return entry(fields.getFirst());
    }
    UserData parts = new UserData();
    for (int i = 0; i < fields.size(); i++) {
      parts.put(i, entry(fields.get(i)));
    }
    return new UserData().putU32(TYPEOF_EXPRESSION, EXPR_CONCAT).put(TYPEOF_DATA, parts);
  }

  private static UserData entry(Field field) {
    return new UserData()
        .putU32(TYPEOF_EXPRESSION, field.expressionType())
        .put(TYPEOF_DATA, field.typeof());
  }

  /**
   * The fields that {@code typeof} describes, or that {@code typeNumber} alone tells; null if
   * neither is understood.
   */
  public static @Nullable List<Field> read(byte[] typeof, int typeNumber) {
    List<Field> described = describe(typeof);
    if (described != null && typeNumber(described) == typeNumber) {
      return described;
    }
    List<Field> fields = new ArrayList<>();
    for (int rest = typeNumber; rest != 0; rest >>>= TYPE_BITS) {
      DataType type = DataType.of(rest & ((1 << TYPE_BITS) - 1));
      if (type == null) {
        return null;
      }
      fields.addFirst(new TypedField(type));
    }
    return fields.isEmpty() ? null : List.copyOf(fields);
  }

  private static @Nullable List<Field> describe(byte[] typeof) {
    Map<Integer, byte[]> entries = UserData.parse(typeof);
    byte[] data = entries.getOrDefault(TYPEOF_DATA, new byte[0]);
    int kind = UserData.u32(entries, TYPEOF_EXPRESSION, -1);
    if (kind != EXPR_CONCAT) {
      Field field = field(kind, UserData.parse(data));
      return field == null ? null : List.of(field);
    }
    List<Field> fields = new ArrayList<>();
    for (byte[] part : UserData.parse(data).values()) {
      Map<Integer, byte[]> inner = UserData.parse(part);
      byte[] innerData = inner.getOrDefault(TYPEOF_DATA, new byte[0]);
      Field field = field(UserData.u32(inner, TYPEOF_EXPRESSION, -1), UserData.parse(innerData));
      if (field == null) {
        return null;
      }
      fields.add(field);
    }
    return List.copyOf(fields);
  }

  private static @Nullable Field field(int kind, Map<Integer, byte[]> data) {
    return switch (kind) {
      case PayloadField.EXPR_PAYLOAD -> payload(data);
      case MetaField.EXPR_META -> meta(data);
      case CtField.EXPR_CT -> connection(data);
      case NumberField.EXPR_NUMGEN -> number(data);
      default -> null;
    };
  }

  private static @Nullable Field meta(Map<Integer, byte[]> data) {
    MetaKey key = MetaKey.of(UserData.u32(data, MetaField.KEY, -1));
    return key == null ? null : new MetaField(key);
  }

  private static @Nullable Field connection(Map<Integer, byte[]> data) {
    CtKey key = CtKey.of(UserData.u32(data, CtField.KEY, -1));
    int direction = UserData.u32(data, CtField.DIRECTION, -1);
    return key == null ? null : new CtField(key, Ct.Direction.of(direction));
  }

  private static Field number(Map<Integer, byte[]> data) {
    return new NumberField(
        NumberGenerator.Mode.of(UserData.u32(data, NumberField.MODE, 0)),
        UserData.u32(data, NumberField.MODULUS, 0),
        UserData.u32(data, NumberField.OFFSET, 0));
  }

  private static @Nullable Field payload(Map<Integer, byte[]> data) {
    int description = UserData.u32(data, PayloadField.DESCRIPTION, -1);
    int template = UserData.u32(data, PayloadField.TEMPLATE, -1);
    for (Field field : NAMED) {
      if (field instanceof PayloadField payload
          && payload.description() == description
          && payload.template() == template) {
        return payload;
      }
    }
    return null;
  }
}
