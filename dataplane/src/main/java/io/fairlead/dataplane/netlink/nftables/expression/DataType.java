package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How nft understands and prints a value. The numbers are those that libnftables keeps in
 * NFTA_SET_KEY_TYPE (enum datatypes of nftables' datatype.h): the kernel passes them through.
 */
public enum DataType {
  NF_PROTOCOL(2, 1, true, "nf_proto"),
  INTEGER(4, 4, false, "integer"),
  IPV4_ADDRESS(7, 4, true, "ipv4_addr"),
  IPV6_ADDRESS(8, 16, true, "ipv6_addr"),
  ETHER_ADDRESS(9, 6, true, "ether_addr"),
  ETHER_TYPE(10, 2, true, "ether_type"),
  INET_PROTOCOL(12, 1, true, "inet_proto"),
  INET_SERVICE(13, 2, true, "inet_service"),
  MARK(19, 4, false, "mark"),
  INTERFACE_INDEX(20, 4, false, "iface_index"),
  CLASSID(23, 4, false, "classid"),
  UID(24, 4, false, "uid"),
  CT_STATE(26, 4, false, "ct_state"),
  CT_DIRECTION(27, 1, false, "ct_dir"),
  CT_STATUS(28, 4, false, "ct_status"),
  ICMPV6_TYPE(29, 1, true, "icmpv6_type"),
  FIB_ADDRESS_TYPE(38, 4, false, "fib_addrtype"),
  INTERFACE_NAME(41, 16, false, "ifname");

  private final int number;
  private final int length;
  private final boolean bigEndian;
  private final String text;

  DataType(int number, int length, boolean bigEndian, String text) {
    this.number = number;
    this.length = length;
    this.bigEndian = bigEndian;
    this.text = text;
  }

  /** libnftables' number of the type. */
  public int number() {
    return number;
  }

  /** Bytes of a value. */
  public int length() {
    return length;
  }

  /** Whether values are in network byte order, and so their numeric order that of their bytes. */
  public boolean isBigEndian() {
    return bigEndian;
  }

  /** nft's name of the type. */
  public String text() {
    return text;
  }

  static @Nullable DataType of(int number) {
    for (DataType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }

  /** The value as nft writes it, or in hexadecimal if its length is not the type's. */
  public String format(Bytes value) {
    if (value.length() != length && this != INTERFACE_NAME) {
      return value.toString();
    }
    return switch (this) {
      case IPV4_ADDRESS, IPV6_ADDRESS -> IpAddress.of(value.toArray()).toString();
      case ETHER_ADDRESS -> MacAddress.of(value.toArray()).toString();
      case ETHER_TYPE -> etherType(value.u16BeAt(0));
      case NF_PROTOCOL -> family(value.at(0));
      case INET_PROTOCOL -> protocol(value.at(0));
      case INET_SERVICE -> String.valueOf(value.u16BeAt(0));
      case INTEGER, INTERFACE_INDEX, UID -> Integer.toUnsignedString(value.u32At(0));
      case ICMPV6_TYPE -> String.valueOf(value.at(0));
      case CLASSID -> classid(value.u32At(0));
      case FIB_ADDRESS_TYPE ->
          value.u32At(0) == Fib.LOCAL ? "local" : Integer.toUnsignedString(value.u32At(0));
      case MARK -> String.format("0x%08x", value.u32At(0));
      case CT_STATE -> BitNames.state(value.u32At(0));
      case CT_STATUS -> BitNames.status(value.u32At(0));
      case CT_DIRECTION -> value.at(0) == 0 ? "original" : "reply";
      case INTERFACE_NAME -> interfaceName(value);
    };
  }

  /** Two numbers in hexadecimal, as traffic control names classes. */
  private static String classid(int value) {
    return value == 0
        ? "none"
        : Integer.toHexString(value >>> 16) + ":" + Integer.toHexString(value & 0xffff);
  }

  private static String family(int number) {
    return switch (number) {
      case 2 -> "ipv4";
      case 10 -> "ipv6";
      default -> String.valueOf(number);
    };
  }

  /** Numbers of linux/if_ether.h. */
  private static String etherType(int number) {
    return switch (number) {
      case 0x0800 -> "ip";
      case 0x0806 -> "arp";
      case 0x86dd -> "ip6";
      default -> String.format("0x%04x", number);
    };
  }

  private static String protocol(int number) {
    return switch (number) {
      case 1 -> "icmp";
      case 6 -> "tcp";
      case 17 -> "udp";
      case 58 -> "ipv6-icmp";
      case 132 -> "sctp";
      default -> String.valueOf(number);
    };
  }

  /** A name shorter than the field, without a NUL behind it, is a prefix. */
  private static String interfaceName(Bytes value) {
    String name = new String(value.toArray(), StandardCharsets.UTF_8);
    int end = name.indexOf(0);
    return end >= 0 ? "\"" + name.substring(0, end) + "\"" : "\"" + name + "*\"";
  }
}
