/** kube-proxy itself, whoever has its binary, beside fairlead: the same cluster, the same node. */
@NullMarked
package io.fairlead.bench.kubeproxy;

import org.jspecify.annotations.NullMarked;
