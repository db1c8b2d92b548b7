package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;

/** Where clients of a Service send to: an address of its own, or a port of every node. */
public sealed interface FrontendAddress extends Comparable<FrontendAddress>
    permits VirtualAddress, NodePort {

  AddressFamily family();

  Protocol protocol();

  /** 1 to 65535. */
  int port();

  /** Virtual addresses come before node ports. */
  @Override
  default int compareTo(FrontendAddress other) {
    return switch (this) {
      case VirtualAddress a -> other instanceof VirtualAddress b ? a.compareToVirtual(b) : -1;
      case NodePort a -> other instanceof NodePort b ? a.compareToNodePort(b) : 1;
    };
  }
}
