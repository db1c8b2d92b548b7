package io.fairlead.cni.attach;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host's end of an attachment's veth pair. Its name and MAC address follow from the
 * attachment's key, so that it can be found without any state. Its alias holds the whole lease, so
 * that the lease can be found when all state is lost:
 *
 * <pre>fairlead NETWORK CONTAINER-ID INTERFACE ADDRESS[,ADDRESS] POD|-</pre>
 */
final class HostLink {

  private static final String PREFIX = "veth";
  private static final String MARK = "fairlead";
  private static final String SHAPER_PREFIX = "ifb-";
  private static final String SHAPER_MARK = MARK + " shaper ";
  private static final int MAX_NAME = 15; // IFNAMSIZ - 1, linux/if.h
  private static final int MAX_ALIAS = 255; // IFALIASZ - 1, linux/if.h

  /** The first 16 bits of MAC addresses; each is locally administered. */
  private static final long OF_HOST_END = 0x0a68;

  private static final long OF_POD = 0x0a58;
  private static final long OF_BRIDGE = 0x0a59;

  private HostLink() {}

  static String name(AttachmentKey key) {
    String digits = HexFormat.of().toHexDigits(hash(key.toString()));
    return PREFIX + digits.substring(0, MAX_NAME - PREFIX.length());
  }

  /** The name of the device that shapes what an attachment's pod sends. */
  static String shaperName(AttachmentKey key) {
    return SHAPER_PREFIX + name(key).substring(PREFIX.length());
  }

  /** The alias of that device; short of 255 bytes, as the names within it are. */
  static String shaperAlias(AttachmentKey key) {
    String alias =
        SHAPER_MARK + String.join(" ", key.network(), key.containerId(), key.interfaceName());
    return fits(alias) ? alias : SHAPER_MARK;
  }

  /** Whether a link is one that shapes what a pod sends. */
  static boolean isShaper(Link link) {
    return link.alias().startsWith(SHAPER_MARK);
  }

  /** The name of the host's end of the attachment that {@code shaper} belongs to. */
  static String portOfShaper(Link shaper) {
    return PREFIX
        + shaper.name().substring(Math.min(SHAPER_PREFIX.length(), shaper.name().length()));
  }

  static MacAddress mac(AttachmentKey key) {
    return local(OF_HOST_END, (int) hash(key.toString()));
  }

  /**
   * The MAC address of a pod's end, from its address: whoever gets the address next has the same
   * one, so that no neighbour cache is ever wrong.
   */
  static MacAddress macOf(IpAddress address) {
    return local(OF_POD, bits(address));
  }

  /**
   * The MAC address of a bridge, from its first gateway. Not one of a pod's: the bridge keeps it
   * when the pod CIDR changes, and the former gateway may become a pod's address.
   */
  static MacAddress macOfBridge(IpAddress gateway) {
    return local(OF_BRIDGE, bits(gateway));
  }

  /** Whether a bridge may keep {@code mac}: from us, with another gateway perhaps. */
  static boolean isMacOfBridge(@Nullable MacAddress mac) {
    return mac != null && mac.bits() >>> 32 == OF_BRIDGE;
  }

  private static int bits(IpAddress address) {
    byte[] bytes = address.bytes();
    return bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() : (int) hash(address.toString());
  }

  private static MacAddress local(long prefix, int bits) {
    return new MacAddress(prefix << 32 | Integer.toUnsignedLong(bits));
  }

  /** The alias of {@code lease}'s link, without the pod if there is no room for it. */
  static String alias(Lease lease) {
    AttachmentKey key = lease.key();
    String identity =
        String.join(
            " ",
            MARK,
            key.network(),
            key.containerId(),
            key.interfaceName(),
            lease.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(",")));
    String whole = identity + " " + (lease.pod() == null ? "-" : lease.pod());
    if (fits(whole)) {
      return whole;
    }
    return fits(identity + " -") ? identity + " -" : MARK;
  }

  private static boolean fits(String alias) {
    return alias.getBytes(StandardCharsets.UTF_8).length <= MAX_ALIAS;
  }

  /** The lease that {@code alias} tells of, or null if it tells of none. */
  static @Nullable Lease lease(String alias) {
    String[] fields = alias.split(" ", -1);
    if (fields.length != 6 || !fields[0].equals(MARK)) {
      return null;
    }
    try {
      List<IpAddress> addresses =
          Arrays.stream(fields[4].split(",", -1)).map(IpAddress::parse).toList();
      AttachmentKey key = new AttachmentKey(fields[1], fields[2], fields[3]);
      return new Lease(key, addresses, fields[5].equals("-") ? null : fields[5]);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether a link with {@code alias} under the name of one of ours is ours. */
  static boolean isOurs(String alias) {
    // Between its creation and its alias, which one system call carries, there is a moment without.
    return alias.isEmpty() || alias.equals(MARK) || alias.startsWith(MARK + " ");
  }

  /** FNV-1a with 64 bits, and the finalizer of MurmurHash3 so that every bit depends on all. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
