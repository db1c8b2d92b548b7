package io.fairlead.bench.policy;

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

  static Entrant fairlead() {
    return new Entrant(false, FairleadContender::open);
  }

  static List<Entrant> rivals() {
    List<Entrant> rivals = new ArrayList<>();
    for (KubeRouterRival.Variant variant : KubeRouterRival.Variant.values()) {
      rivals.add(new Entrant(true, namespace -> new KubeRouterRival(variant, namespace)));
    }
    return rivals;
  }

  static List<Entrant> floors() {
    List<Entrant> floors = new ArrayList<>();
    for (FloorContender.Variant variant : FloorContender.Variant.values()) {
      floors.add(new Entrant(false, namespace -> FloorContender.open(variant, namespace)));
    }
    return floors;
  }
}
