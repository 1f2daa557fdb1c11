package io.fermata.internal.compiler;

import java.util.HashMap;
import java.util.Map;

/** Drafts for the helpers of a method, as the emitters want them. */
final class Drafts {
  private Drafts() {}

  /**
   * None of the helpers needs {@code co} as an object, but those whose name ends in {@code ing}.
   */
  static Map<BodyMethod, FrameDraft> ofHelpers(FrameDraft draft) {
    Map<BodyMethod, FrameDraft> helpers = new HashMap<>();
    for (SuspensionPoint point : draft.points) {
      BodyMethod helper = point.helper();
      if (helper != null) {
        FrameDraft of = new FrameDraft(helper, FrameName.of(helper, 1), false);
        of.needsCo = helper.method().name.endsWith("ing");
        helpers.put(helper, of);
      }
    }
    return helpers;
  }
}
