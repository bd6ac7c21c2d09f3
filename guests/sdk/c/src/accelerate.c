#include "accelerate.h"

bool proofloom_accelerate = true;
