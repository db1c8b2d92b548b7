package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.ObjectChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of a manifest.
 *
 * @param place file and line where its document begins
 * @param change what it means, with a null record if it is not one that fairlead handles; null if
 *     it could not be read at all
 * @param problems sentences about what was left out
 */
public record ManifestObject(
    ManifestId id, String place, @Nullable ObjectChange change, List<String> problems) {

  public ManifestObject {
    problems = List.copyOf(problems);
  }
}
