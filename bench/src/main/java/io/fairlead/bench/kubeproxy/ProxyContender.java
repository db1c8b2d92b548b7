package io.fairlead.bench.kubeproxy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that serves Services on a node. Immutable. */
interface ProxyContender {

  /** Where client and endpoints of the measured Services are, and so what both take for pods. */
  String CLUSTER_CIDR = "100.64.0.0/16";

  /** As the tables show it. */
  String name();

  ProxyMode mode();

  /**
   * Writes its files.
   *
   * @return the command that starts it, and what its environment has besides
   */
  Start prepare(Place place) throws IOException;

  /**
   * What it is told.
   *
   * @param folder its own, and empty
   * @param kubeconfig leads to the API server from where it runs
   * @param node the name of the Node that it is to take for its own
   */
  record Place(Path folder, Path kubeconfig, String node) {}

  /** How it is started. */
  record Start(List<String> command, Map<String, String> environment) {}
}
