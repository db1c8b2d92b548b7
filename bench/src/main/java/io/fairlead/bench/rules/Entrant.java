package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part in a run.
 *
 * @param rival whether it may be slow, and takes part in fewer rounds
 */
record Entrant(boolean rival, Opener opener) {

  /** Makes a contender that works in a namespace and closes it. */
  @FunctionalInterface
  interface Opener {
    Contender open(LabNamespace namespace) throws IOException, InterruptedException;
  }

  /** In a namespace of its own. */
  Contender open() throws IOException, InterruptedException {
    return open(LabNamespace.create("contender"));
  }

  /** In a namespace that the contender closes, also if this fails. */
  Contender open(LabNamespace namespace) throws IOException, InterruptedException {
    try {
      return opener.open(namespace);
    } catch (IOException | InterruptedException | RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  static List<Entrant> backends(List<Backend> backends) {
    List<Entrant> entrants = new ArrayList<>();
    for (Backend backend : backends) {
      entrants.add(new Entrant(false, namespace -> BackendContender.open(backend, namespace)));
    }
    return entrants;
  }

  /** The ways of kube-proxy and of the programs at hand, in the modes that are measured. */
  static List<Entrant> rivals(List<Backend> backends) {
    List<Entrant> rivals = new ArrayList<>(connectingRivals(backends));
    if (hasOtherThanIpvs(backends)) {
      rivals.add(new Entrant(true, space -> new NftRival(NftRival.Variant.LISTING, space)));
    }
    if (backends.contains(Backend.IPVS)) {
      for (IpvsadmRival.Variant variant : IpvsadmRival.Variant.values()) {
        rivals.add(new Entrant(true, space -> new IpvsadmRival(variant, space)));
      }
    }
    return rivals;
  }

  /** Those through which connections get. */
  static List<Entrant> connectingRivals(List<Backend> backends) {
    List<Entrant> rivals = new ArrayList<>();
    if (hasOtherThanIpvs(backends)) {
      rivals.add(new Entrant(true, space -> new NftRival(NftRival.Variant.TRANSACTION, space)));
      rivals.add(new Entrant(true, space -> new IptablesRival(IptablesRival.Variant.NFT, space)));
      rivals.add(
          new Entrant(true, space -> new IptablesRival(IptablesRival.Variant.LEGACY, space)));
    }
    if (backends.contains(Backend.IPVS)) {
      rivals.add(new Entrant(true, KubeProxyIpvsRival::new));
    }
    return rivals;
  }

  /** What no contender can undercut. */
  static List<Entrant> floors(List<Backend> backends) {
    List<Entrant> floors = new ArrayList<>();
    if (hasOtherThanIpvs(backends)) {
      floors.add(new Entrant(false, FloorContender::open));
    }
    if (backends.contains(Backend.IPVS)) {
      floors.add(new Entrant(false, IpvsFloorContender::open));
    }
    for (CallFloor.Call call : CallFloor.Call.values()) {
      floors.add(new Entrant(false, space -> new CallFloor(call, space)));
    }
    floors.add(new Entrant(false, ProcessContender::new));
    return floors;
  }

  private static boolean hasOtherThanIpvs(List<Backend> backends) {
    return backends.stream().anyMatch(backend -> backend != Backend.IPVS);
  }
}
