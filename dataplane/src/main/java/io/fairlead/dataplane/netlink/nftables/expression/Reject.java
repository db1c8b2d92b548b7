package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the packet with an answer to its sender.
 *
 * @param code of the answer: enum nft_reject_inet_code for {@link Answer#ICMPX}, else the family's
 *     ICMP code; 0 for a reset
 */
public record Reject(Answer answer, int code) implements Expression {

  /** A TCP reset. */
  public static final Reject TCP_RESET = new Reject(Answer.TCP_RESET, 0);

  /** "Port unreachable" in the packet's own family. */
  public static final Reject PORT_UNREACHABLE = new Reject(Answer.ICMPX, 1);

  /** "Administratively prohibited" in the packet's own family. */
  public static final Reject PROHIBITED = new Reject(Answer.ICMPX, 3);

  /** enum nft_reject_types, in the kernel's order from 0. */
  public enum Answer {
    ICMP,
    TCP_RESET,
    ICMPX
  }

  private static final int NFTA_REJECT_TYPE = 1;
  private static final int NFTA_REJECT_ICMP_CODE = 2;

  @Override
  public String kind() {
    return "reject";
  }

  String text() {
    return switch (answer) {
      case TCP_RESET -> "reject with tcp reset";
      case ICMP -> "reject with icmp " + code;
      case ICMPX ->
          "reject with icmpx "
              + switch (code) {
                case 0 -> "no-route";
                case 1 -> "port-unreachable";
                case 2 -> "host-unreachable";
                case 3 -> "admin-prohibited";
                default -> String.valueOf(code);
              };
    };
  }

  @Override
  public void write(MessageWriter writer) {
    int number =
        switch (answer) {
          case ICMP -> 0;
          case TCP_RESET -> 1;
          case ICMPX -> 2;
        };
    writer.attributeU32Be(NFTA_REJECT_TYPE, number).attributeU8(NFTA_REJECT_ICMP_CODE, code);
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int type = -1;
    int code = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_REJECT_TYPE -> type = attributes.u32Be();
        case NFTA_REJECT_ICMP_CODE -> code = attributes.u8();
        default -> {}
      }
    }
    boolean known = type >= 0 && type < Answer.values().length;
    return known ? new Reject(Answer.values()[type], code) : null;
  }
}
