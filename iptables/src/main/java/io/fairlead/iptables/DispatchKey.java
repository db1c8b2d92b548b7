package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Ipv6Address;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.iptables.rule.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What packets are told apart by, as a row of digits of 4 bits: the destination address, then the
 * protocol (one digit), then the destination port (four). Ordered by the digits; a key comes after
 * all that it is the beginning of, so that it matches what those leave.
 *
 * @param address null for node ports
 * @param protocol null for all that goes to the address
 * @param port 1 to 65535, or 0 without a protocol
 */
record DispatchKey(@Nullable IpAddress address, @Nullable Protocol protocol, int port)
    implements Comparable<DispatchKey> {

  private static final int PORT_DIGITS = 4;

  static DispatchKey of(FrontendAddress frontend) {
    return switch (frontend) {
      case VirtualAddress virtual ->
          new DispatchKey(virtual.address(), virtual.protocol(), virtual.port());
      case NodePort node -> new DispatchKey(null, node.protocol(), node.port());
    };
  }

  private int addressDigits() {
    return address == null ? 0 : address.family().bitLength() / 4;
  }

  int length() {
    return addressDigits() + (protocol == null ? 0 : 1 + PORT_DIGITS);
  }

  int digit(int index) {
    int digits = addressDigits();
    if (index < digits && address != null) {
      return switch (address) {
        case Ipv4Address v4 -> v4.bits() >>> (28 - 4 * index) & 15;
        case Ipv6Address v6 ->
            (int) ((index < 16 ? v6.high() : v6.low()) >>> (60 - 4 * (index & 15))) & 15;
      };
    }
    if (protocol == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return index == digits ? digit(protocol) : port >>> (4 * (digits + PORT_DIGITS - index)) & 15;
  }

  private static int digit(Protocol protocol) {
    return switch (protocol) {
      case TCP -> 0;
      case UDP -> 1;
      case SCTP -> 2;
    };
  }

  @Override
  public int compareTo(DispatchKey other) {
    int length = length();
    int otherLength = other.length();
    for (int i = 0; i < Math.min(length, otherLength); i++) {
      int order = Integer.compare(digit(i), other.digit(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(otherLength, length);
  }

  /** The condition that a packet is this one's. */
  List<Match> matches() {
    return matches(List.of());
  }

  /** The condition that a packet is this one's, with a remark for the reader. */
  List<Match> matches(Match remark) {
    return matches(List.of(remark));
  }

  private List<Match> matches(List<Match> remarks) {
    List<Match> matches = new ArrayList<>(4);
    if (address != null) {
      matches.add(new Match.Destination(Cidr.host(address), false));
    }
    if (protocol != null) {
      matches.add(Rules.protocol(protocol));
    }
    matches.addAll(remarks);
    if (protocol != null) {
      matches.add(new Match.DestinationPort(port));
    }
    return matches;
  }

  /** The condition that the first {@code digits} are as here. */
  List<Match> prefixMatches(int digits) {
    int known = addressDigits();
    List<Match> matches = new ArrayList<>(3);
    if (address != null) {
      matches.add(new Match.Destination(new Cidr(address, 4 * Math.min(digits, known)), false));
    }
    if (digits > known && protocol != null) {
      matches.add(Rules.protocol(protocol));
      if (digits > known + 1) {
        int first = firstPort(digits);
        int last = lastPort(digits);
        matches.add(
            first == last
                ? new Match.DestinationPort(first)
                : new Match.DestinationPorts(first, last));
      }
    }
    return matches;
  }

  private int firstPort(int digits) {
    return port & -1 << openBits(digits);
  }

  private int lastPort(int digits) {
    return firstPort(digits) + (1 << openBits(digits)) - 1;
  }

  private int openBits(int digits) {
    return 4 * (addressDigits() + 1 + PORT_DIGITS - digits);
  }

  /** The name of the chain for all whose first {@code digits} are as here. */
  String prefixName(int digits) {
    int known = addressDigits();
    if (address == null) {
      return ChainNames.plain("NP-" + portText(digits));
    }
    Cidr cidr = new Cidr(address, 4 * Math.min(digits, known));
    if (digits > known) {
      return ChainNames.hashed("VIP", cidr + "/" + portText(digits));
    }
    if (address.family() == AddressFamily.IPV4) {
      return ChainNames.plain(cidr.toString());
    }
    String name = ChainNames.plain(cidr.toString().replace(':', '-'));
    return name.length() <= ChainNames.LONGEST ? name : ChainNames.hashed("V6", cidr.toString());
  }

  private String portText(int digits) {
    if (protocol == null) {
      throw new IllegalStateException("a prefix beyond the end of " + this);
    }
    return digits == addressDigits() + 1
        ? protocol.name()
        : protocol.name() + "-" + firstPort(digits) + "-" + lastPort(digits);
  }

  /** "10.96.0.10 tcp 80", "udp 30053" or "10.96.0.10". */
  @Override
  public String toString() {
    String text = protocol == null ? "" : protocol.name().toLowerCase(Locale.ROOT) + " " + port;
    return address == null ? text : (address + " " + text).strip();
  }
}
