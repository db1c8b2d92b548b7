package io.fairlead.iptables.rule;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A condition of a rule. */
public sealed interface Match {

  /** -s. A prefix of length 0 holds for every packet and leaves no trace in the text. */
  record Source(Cidr cidr, boolean negated) implements Match {
    public Source {
      RuleText.checkNotNever(cidr, negated);
    }
  }

  /** -d. A prefix of length 0 holds for every packet and leaves no trace in the text. */
  record Destination(Cidr cidr, boolean negated) implements Match {
    public Destination {
      RuleText.checkNotNever(cidr, negated);
    }
  }

  /**
   * -i: the interface that the packet came in through.
   *
   * @param name at most 15 bytes; one that ends in "+" stands for all that begin so
   */
  record InInterface(String name, boolean negated) implements Match {
    public InInterface {
      if (name.isEmpty() || name.length() > 15 || name.equals("+")) {
        throw new IllegalArgumentException(
            "\"" + name + "\" is not the name of an interface; names have 1 to 15 characters");
      }
    }
  }

  /** -p. */
  record ProtocolIs(Protocol protocol) implements Match {}

  /** --dport, in a rule that also has {@link ProtocolIs}. */
  record DestinationPort(int port) implements Match {
    public DestinationPort {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
      }
    }
  }

  /**
   * --dport with a range, in a rule that also has {@link ProtocolIs}.
   *
   * @param first 0 to 65535
   * @param last more than {@code first}, at most 65535
   */
  record DestinationPorts(int first, int last) implements Match {
    public DestinationPorts {
      if (first < 0 || last <= first || last > 65535) {
        throw new IllegalArgumentException(
            "a range of ports ascends from 0 to 65535: " + first + ":" + last);
      }
    }
  }

  /**
   * Holds always, and tells a reader what the rule is for.
   *
   * @param text 1 to {@link #LIMIT} bytes of UTF-8 without control characters
   */
  record Comment(String text) implements Match {

    /** XT_MAX_COMMENT_LEN of linux/netfilter/xt_comment.h, without the terminating zero. */
    public static final int LIMIT = 255;

    public Comment {
      RuleText.checkComment(text, LIMIT);
    }
  }

  /** Whether the source address is, at this moment, one of the node's own. */
  record SourceType(boolean negated) implements Match {}

  /** Whether the destination address is, at this moment, one of the node's own. */
  record DestinationType(boolean negated) implements Match {}

  /** Whether the bits {@code mask} of the packet's mark are {@code value}. */
  record Mark(int value, int mask, boolean negated) implements Match {}

  /** Whether the packet's connection is in one of the states. */
  record ConnectionState(Set<State> states) implements Match {

    /** XT_CONNTRACK_STATE_ bits of linux/netfilter/xt_conntrack.h, in the order of printing. */
    public enum State {
      INVALID(1),
      NEW(8),
      RELATED(4),
      ESTABLISHED(2);

      private final int bit;

      State(int bit) {
        this.bit = bit;
      }

      /** The state's bit in the kernel's mask. */
      public int bit() {
        return bit;
      }
    }

    public ConnectionState {
      states = Collections.unmodifiableSet(EnumSet.copyOf(states));
    }

    public static ConnectionState of(State first, State... others) {
      return new ConnectionState(EnumSet.of(first, others));
    }
  }

  /**
   * Holds for a part of all packets, at random.
   *
   * @param share how large a part, in units of 2^-31; 0 to 2^31
   */
  record RandomShare(long share) implements Match {

    /** The share that stands for every packet. */
    public static final long ALL = 1L << 31;

    public RandomShare {
      if (share < 0 || share > ALL) {
        throw new IllegalArgumentException("a share is 0 to 2^31, not " + share);
      }
    }

    /** One packet of {@code count}. */
    public static RandomShare oneOf(int count) {
      return new RandomShare(Math.round((double) ALL / count));
    }
  }

  /**
   * A list of source addresses that the kernel keeps, with the time at which each was last seen.
   *
   * @param name of the list, 1 to 199 characters without "/"
   * @param set true: enters the packet's source address, or renews its time; holds always. False:
   *     whether the address was seen within {@code seconds}
   * @param seconds 1 or more; 0 where {@code set}
   * @param reap whether older addresses are then forgotten
   */
  record Recent(String name, boolean set, int seconds, boolean reap) implements Match {
    public Recent {
      if (name.isEmpty() || name.length() > 199 || name.contains("/")) {
        throw new IllegalArgumentException(
            "\"" + name + "\" is not the name of a list; names have 1 to 199 characters, no /");
      }
      if (set ? seconds != 0 || reap : seconds < 1) {
        throw new IllegalArgumentException(
            "list " + name + " is either set, or checked for 1 or more seconds");
      }
    }

    /** Enters the source address. */
    public static Recent enter(String name) {
      return new Recent(name, true, 0, false);
    }

    /** Whether the source address was seen within {@code seconds}; older ones are forgotten. */
    public static Recent seenWithin(String name, int seconds) {
      return new Recent(name, false, seconds, true);
    }
  }

  /** As iptables-save prints it, with the space in front; empty if it leaves no trace. */
  default String text(AddressFamily family, IptablesRule rule) {
    return RuleText.of(this, family, rule);
  }
}
