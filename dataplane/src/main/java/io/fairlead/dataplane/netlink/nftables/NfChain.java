package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A chain.
 *
 * @param hook where packets enter it, or null if only other chains lead to it
 * @param comment at most 127 bytes of UTF-8; empty for none
 */
public record NfChain(TableName table, String name, @Nullable Hook hook, String comment) {

  /** Which kind of decisions a base chain may take. */
  public enum Type {
    FILTER,
    NAT,
    ROUTE;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Type of(String text) {
      for (Type type : values()) {
        if (type.text().equals(text)) {
          return type;
        }
      }
      return null;
    }
  }

  /** Where in the packet's way: enum nf_inet_hooks, in the kernel's order from 0. */
  public enum Point {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    int number() {
      return switch (this) {
        case PREROUTING -> 0;
        case INPUT -> 1;
        case FORWARD -> 2;
        case OUTPUT -> 3;
        case POSTROUTING -> 4;
      };
    }

    static @Nullable Point of(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /**
   * What makes a base chain.
   *
   * @param priority lower comes first; -100 for destination and 100 for source translation
   * @param policy ACCEPT or DROP: what becomes of packets that reach the end
   */
  public record Hook(Type type, Point point, int priority, Verdict.Kind policy) {

    public static Hook accepting(Type type, Point point, int priority) {
      return new Hook(type, point, priority, Verdict.Kind.ACCEPT);
    }

    @Override
    public String toString() {
      return "type "
          + type.text()
          + " hook "
          + point.text()
          + " priority "
          + priority
          + "; policy "
          + policy.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A chain that other chains lead to. */
  public static NfChain regular(TableName table, String name, String comment) {
    return new NfChain(table, name, null, comment);
  }

  @Override
  public String toString() {
    Hook base = hook;
    return "chain "
        + table
        + " "
        + name
        + NfText.block(base == null ? "" : base.toString(), NfText.comment(comment));
  }
}
