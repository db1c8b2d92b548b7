package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * Loads a property of the packet's connection.
 *
 * @param direction of the tuple that addresses and ports are taken from; ANY for other keys
 */
public record Ct(CtKey key, Direction direction, int register) implements Expression {

  /** enum ip_conntrack_dir. */
  public enum Direction {
    ANY(-1),
    ORIGINAL(0),
    REPLY(1);

    private final int number;

    Direction(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Direction of(int number) {
      return number < 0 ? ANY : number == 0 ? ORIGINAL : REPLY;
    }
  }

  @Override
  public String kind() {
    return "ct";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(CtAttributes.KEY, key.number())
        .attributeU32Be(CtAttributes.DESTINATION, Register.number(register));
    if (direction != Direction.ANY) {
      writer.attributeU8(CtAttributes.DIRECTION, direction.number);
    }
  }
}
