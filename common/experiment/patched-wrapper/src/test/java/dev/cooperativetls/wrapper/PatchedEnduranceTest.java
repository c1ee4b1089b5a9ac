package dev.cooperativetls.wrapper;

import dev.cooperativetls.testkit.EnduranceContract;
import dev.cooperativetls.testkit.WrapperForm;

class PatchedEnduranceTest extends EnduranceContract {

    PatchedEnduranceTest() {
        super(WrapperForm.PATCHED);
    }
}
