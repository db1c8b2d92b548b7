package io.fairlead.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The links on which this node listens to IPv6 routers, rather than to containers that pretend to
 * be one. Stateless and thread-safe.
 */
public final class AdvertisedLinks {

  /** linux/route.h and linux/ipv6_route.h: a default route that an advertisement brought. */
  private static final int RTF_ADVERTISED = 0x00010000 | 0x00040000;

  /** The columns of ipv6_route: two prefixes with lengths, next hop, metric, two counts, and: */
  private static final int FLAGS = 8;

  private static final int LINK = 9;

  private final Path routes;
  private final Path links;

  /**
   * Reads files of the kernel, which are others in tests.
   *
   * @param routes net/ipv6_route of a process or thread in /proc
   * @param links /sys/class/net
   */
  public AdvertisedLinks(Path routes, Path links) {
    this.routes = routes;
    this.links = links;
  }

  /** The calling thread's network namespace, as the kernel shows it. */
  public static AdvertisedLinks ofKernel() {
    return new AdvertisedLinks(
        Path.of("/proc/thread-self/net/ipv6_route"), Path.of("/sys/class/net"));
  }

  /** The links that a router's advertisement gave a default route; empty without IPv6. */
  Set<String> withDefaultRoute() throws IOException {
    Set<String> found = new HashSet<>();
    if (Files.exists(routes)) {
      for (String line : Files.readAllLines(routes)) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > LINK
            && (Integer.parseUnsignedInt(columns[FLAGS], 16) & RTF_ADVERTISED) == RTF_ADVERTISED) {
          found.add(columns[LINK]);
        }
      }
    }
    return found;
  }

  /** Whether {@code link} is a device, behind which there can be a router that is still silent. */
  boolean isHardware(String link) {
    return Files.exists(links.resolve(link).resolve("device"));
  }
}
