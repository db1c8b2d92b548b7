package io.fairlead.dataplane.netlink.nftables.expression;

/**
 * One thing that can be loaded into registers, and so be a part of a set's key or the type of a
 * map's value: what follows {@code typeof} in nft's language. In registers and in keys of several
 * fields each field takes a multiple of 4 bytes, with zeros behind it.
 */
public sealed interface Field permits PayloadField, MetaField, CtField, NumberField, TypedField {

  /** As nft writes it. */
  String text();

  DataType type();

  /** Bytes without padding. */
  int length();

  /** The expression that loads it. */
  Expression load(int register);

  /** enum expr_types of nftables' expression.h, by which user data tells what a field is. */
  int expressionType();

  /** The field's own part of the user data. */
  UserData typeof();

  /** Bytes in a key of several fields. */
  default int paddedLength() {
    return (length() + 3) & ~3;
  }

  /** 4-byte registers that it fills. */
  default int registers() {
    return paddedLength() / 4;
  }
}
