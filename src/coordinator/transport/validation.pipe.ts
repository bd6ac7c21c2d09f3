import { status } from '@grpc/grpc-js';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { StatusError } from './status-error.js';

/**
 * Checks a decoded message against the DTO class of the handler's parameter. Messages come decoded and typed, so
 * nothing is converted or copied; a parameter whose type is no DTO class passes.
 */
@Injectable()
export class WireValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    if (!isDto(metatype) || typeof value !== 'object' || value === null) return value;
    const dto: object = Object.assign(Object.create(metatype.prototype as object), value);
    const errors = validateSync(dto, { forbidUnknownValues: false });
    if (errors.length > 0) throw new StatusError(status.INVALID_ARGUMENT, errors.flatMap(describe).join('; '));
    return dto;
  }
}

type Metatype = ArgumentMetadata['metatype'];

function isDto(metatype: Metatype): metatype is NonNullable<Metatype> {
  return metatype !== undefined && metatype !== Object;
}

/** One sentence a broken rule, naming the field by its path. */
function describe({ property, constraints, children = [] }: ValidationError): string[] {
  const inner = children.flatMap((child) => describe(child)).map((text) => `${property}.${text}`);
  return [...Object.values(constraints ?? {}), ...inner];
}
