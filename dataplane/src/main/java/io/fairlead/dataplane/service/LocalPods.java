package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/** How a backend tells packets of this node's pods from others: kube-proxy's detect-local mode. */
public sealed interface LocalPods {

  /** By their source address. */
  record Networks(List<Cidr> cidrs) implements LocalPods {
    public Networks {
      cidrs = List.copyOf(cidrs);
    }
  }

  /** By the interface that they come in through, such as a bridge. */
  record Interface(String name) implements LocalPods {}

  /** By the beginning of the name of the interface that they come in through. */
  record InterfacePrefix(String prefix) implements LocalPods {}

  /** Not at all. */
  record Unknown() implements LocalPods {}
}
