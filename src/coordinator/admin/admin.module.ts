import { Module } from '@nestjs/common';
import { AdminController } from './admin.controller.js';
import { ServiceClock } from './service-clock.js';

@Module({ controllers: [AdminController], providers: [ServiceClock] })
export class AdminModule {}
