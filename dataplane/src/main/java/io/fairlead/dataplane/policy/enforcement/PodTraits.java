package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import java.util.List;

/** All that policies can tell pods apart by. */
record PodTraits(String namespace, Labels labels, List<ContainerPort> ports) {

  /** Of what is none of Kubernetes' pods: it is in no namespace, so no policy selects it. */
  static final PodTraits STRANGER = new PodTraits("", Labels.NONE, List.of());

  static PodTraits of(PodRecord pod) {
    return new PodTraits(pod.key().namespace(), pod.labels(), pod.ports());
  }
}
