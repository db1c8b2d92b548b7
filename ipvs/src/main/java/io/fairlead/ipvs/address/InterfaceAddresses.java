package io.fairlead.ipvs.address;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a node's interfaces at one moment. Immutable.
 *
 * @param all of both families, whatever their state, by link; none twice on one link
 * @param borrowedLink the index of a device that another proxy binds Services' addresses to, so
 *     that they are not the node's; 0 if there is none
 */
public record InterfaceAddresses(List<LinkAddress> all, int borrowedLink) {

  /** Nothing known yet. */
  public static final InterfaceAddresses NONE = new InterfaceAddresses(List.of(), 0);

  /** IFA_F_DEPRECATED of linux/if_addr.h: usable, but not for what begins now. */
  private static final int DEPRECATED = 0x20;

  /** IFA_F_SECONDARY (IPv4) or IFA_F_TEMPORARY (IPv6) of linux/if_addr.h. */
  private static final int SECONDARY = 0x01;

  private static final List<Cidr> NEVER =
      List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"), Cidr.parse("fe80::/10"));

  public InterfaceAddresses {
    all = List.copyOf(all);
  }

  /** Every address that any interface has, also those that are not usable yet. */
  public Set<IpAddress> held() {
    return all.stream().map(LinkAddress::address).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The addresses by which others reach this node, ascending: neither loopback nor IPv6 link-local
   * ones (which mean nothing without a link), nor those that another proxy borrowed. A tentative
   * one is left out until the kernel has found that no other host has it: nothing arrives for it
   * before. What a real address is does not depend on its link: one on the loopback device is like
   * any other.
   */
  public List<IpAddress> usable() {
    return own().map(LinkAddress::address).distinct().sorted().toList();
  }

  private Stream<LinkAddress> own() {
    return all.stream()
        .filter(address -> address.linkIndex() != borrowedLink)
        .filter(address -> (address.flags() & LinkAddress.TENTATIVE) == 0)
        .filter(address -> NEVER.stream().noneMatch(cidr -> cidr.contains(address.address())));
  }

  /**
   * The address that the node's own connections to Services should come from.
   *
   * @param preferred the node's addresses in the cluster, best first
   * @return the first preferred one that is usable, else any with global scope, best a primary one;
   *     null if the family has none
   */
  public @Nullable IpAddress source(AddressFamily family, List<IpAddress> preferred) {
    List<LinkAddress> candidates =
        own().filter(address -> address.address().family() == family).toList();
    for (IpAddress address : preferred) {
      if (candidates.stream().anyMatch(own -> own.address().equals(address))) {
        return address;
      }
    }
    return candidates.stream()
        .filter(address -> address.scope() == Route.SCOPE_UNIVERSE)
        .min((one, other) -> Integer.compare(rank(one), rank(other)))
        .map(LinkAddress::address)
        .orElse(null);
  }

  private static int rank(LinkAddress address) {
    return address.flags() & (DEPRECATED | SECONDARY);
  }

  /** The networks that interfaces are in, without those of a single address. */
  public List<Cidr> networks() {
    return all.stream()
        .map(address -> new Cidr(address.address(), address.prefixLength()))
        .filter(network -> network.prefixLength() < network.family().bitLength())
        .distinct()
        .toList();
  }
}
