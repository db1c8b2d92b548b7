package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/**
 * What a backend renders once for all Services. The kernel is asked at each packet which addresses
 * are the node's own, so that they may come and go.
 *
 * @param nodePortAddresses the networks whose addresses serve node ports, as far as they are the
 *     node's own; none of a family means all of that family. Loopback addresses never do
 * @param serviceCidrs where cluster IPs are allocated; an address in them that no Service has is
 *     dropped. May be empty
 * @param masqueradeMark the bit of the packet mark that requests masquerade between two hooks; a
 *     power of two. It is cleared after its use
 * @param masqueradeRandomly whether source ports of masqueraded clients are drawn at random, which
 *     spares the clashes of many connections to one endpoint
 */
public record ServiceSettings(
    LocalPods localPods,
    List<Cidr> nodePortAddresses,
    List<Cidr> serviceCidrs,
    int masqueradeMark,
    boolean masqueradeRandomly) {

  /** kube-proxy's: bit 14. */
  public static final int DEFAULT_MASQUERADE_MARK = 1 << 14;

  public ServiceSettings {
    nodePortAddresses = List.copyOf(nodePortAddresses);
    serviceCidrs = List.copyOf(serviceCidrs);
    if (Integer.bitCount(masqueradeMark) != 1) {
      throw new IllegalArgumentException("the masquerade mark must be one bit");
    }
  }

  /** With source ports drawn at random. */
  public ServiceSettings(
      LocalPods localPods,
      List<Cidr> nodePortAddresses,
      List<Cidr> serviceCidrs,
      int masqueradeMark) {
    this(localPods, nodePortAddresses, serviceCidrs, masqueradeMark, true);
  }

  /** Everything at its default, with pods known by these networks. */
  public static ServiceSettings ofPods(List<Cidr> podCidrs) {
    return new ServiceSettings(
        new LocalPods.Networks(podCidrs), List.of(), List.of(), DEFAULT_MASQUERADE_MARK);
  }

  /** The networks of {@code family} that node ports are restricted to; none for no restriction. */
  public List<Cidr> nodePortAddresses(AddressFamily family) {
    return nodePortAddresses.stream().filter(cidr -> cidr.family() == family).toList();
  }
}
