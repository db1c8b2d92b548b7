package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.dataplane.model.ObjectChange;
import java.nio.charset.StandardCharsets;

/** A cluster out of manifests, as the reconciling thread would show it. */
public final class ManifestCluster {

  private final ClusterState state = new ClusterState();

  /** Takes objects over; each must be understood whole. */
  public ManifestCluster put(String yaml) throws Exception {
    for (ManifestObject object :
        new ManifestReader().read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8))) {
      ObjectChange change = object.change();
      assertThat(object.problems()).as(object.place()).isEmpty();
      assertThat(change).as(object.place()).isNotNull();
      if (change != null) {
        state.apply(change);
      }
    }
    return this;
  }

  public ClusterView view() {
    return state;
  }
}
