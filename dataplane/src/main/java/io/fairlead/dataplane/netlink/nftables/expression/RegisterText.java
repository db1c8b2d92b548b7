package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/** What the registers hold, in words. */
final class RegisterText {

  private record Content(
      String text, DataType type, int words, @Nullable Bitwise mask, @Nullable Bytes value) {}

  private final @Nullable Content[] contents = new Content[16];

  void load(int register, String text, DataType type, int length) {
    contents[register] = new Content(text, type, Math.max(1, (length + 3) / 4), null, null);
  }

  void loadValue(int register, Bytes value) {
    contents[register] =
        new Content(value.toString(), DataType.INTEGER, (value.length() + 3) / 4, null, value);
  }

  /** A map's value, whose length the rule does not tell: what lies behind it is part of it. */
  void loadMapped(int register, String text) {
    java.util.Arrays.fill(contents, register, contents.length, null);
    contents[register] = new Content(text, DataType.INTEGER, 1, null, null);
  }

  void mask(Bitwise bitwise) {
    Content source = content(bitwise.source());
    contents[bitwise.destination()] =
        new Content(source.text(), source.type(), source.words(), bitwise, null);
  }

  private Content content(int register) {
    Content content = contents[register];
    return content == null ? new Content("", DataType.INTEGER, 1, null, null) : content;
  }

  /** The text of one register, which is used up. */
  String take(int register, DataType type) {
    Content content = content(register);
    contents[register] = null;
    Bytes value = content.value();
    Bitwise mask = content.mask();
    if (mask != null) {
      boolean sets = !mask.xor().isZero();
      return content.text() + (sets ? " | " : " & ") + type.format(sets ? mask.xor() : mask.mask());
    }
    return value == null ? content.text() : type.format(value);
  }

  /** The text of all registers that follow one another from {@code register} on. */
  String takeKey(int register) {
    return takeKey(register, DynamicSet.NONE);
  }

  /** The same up to the register before {@code end}, if there is one. */
  String takeKey(int register, int end) {
    StringBuilder text = new StringBuilder();
    int at = register;
    while (at < contents.length && at != end) {
      Content content = contents[at];
      if (content == null) {
        break;
      }
      contents[at] = null;
      text.append(text.isEmpty() ? "" : " . ").append(content.text());
      at += content.words();
    }
    return text.toString();
  }

  String compare(Cmp cmp) {
    Content content = content(cmp.register());
    contents[cmp.register()] = null;
    Bitwise bitwise = content.mask();
    String operator = cmp.operator() == CmpOperator.EQUAL ? " " : " " + cmp.operator().text() + " ";
    if (bitwise == null) {
      return content.text() + operator + content.type().format(cmp.value());
    }
    Bytes mask = bitwise.mask();
    int prefix = prefixLength(mask);
    if (prefix > 0 && content.type().isBigEndian()) {
      return content.text() + operator + content.type().format(cmp.value()) + "/" + prefix;
    }
    boolean anyBit = cmp.operator() == CmpOperator.NOT_EQUAL && cmp.value().isZero();
    return anyBit
        ? content.text() + " " + content.type().format(mask)
        : content.text()
            + " & "
            + content.type().format(mask)
            + " "
            + cmp.operator().text()
            + " "
            + content.type().format(cmp.value());
  }

  /** The number of leading ones if only zeros follow, else 0. */
  private static int prefixLength(Bytes mask) {
    int length = 0;
    boolean ended = false;
    for (int i = 0; i < mask.length() * 8; i++) {
      boolean one = (mask.at(i / 8) >> (7 - i % 8) & 1) != 0;
      if (one && ended) {
        return 0;
      }
      ended |= !one;
      length += one ? 1 : 0;
    }
    return length;
  }

  String range(Range range) {
    Content content = content(range.register());
    contents[range.register()] = null;
    return content.text()
        + (range.inverted() ? " != " : " ")
        + content.type().format(range.from())
        + "-"
        + content.type().format(range.to());
  }
}
