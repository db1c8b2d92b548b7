package io.fairlead.bench.cni;

/** What can be measured. */
enum CniFigure {
  /** Pods one after the other. */
  SEQUENCE,

  /** Many pods at once. */
  PARALLEL
}
