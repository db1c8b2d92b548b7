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

  /** kube-proxy's ways. */
  static List<Entrant> rivals() {
    return List.of(
        new Entrant(true, NftRival::new),
        new Entrant(true, space -> new IptablesRival(IptablesRival.Variant.NFT, space)),
        new Entrant(true, space -> new IptablesRival(IptablesRival.Variant.LEGACY, space)));
  }

  /** What no contender can undercut. */
  static List<Entrant> floors() {
    return List.of(
        new Entrant(false, FloorContender::open), new Entrant(false, ProcessContender::new));
  }
}
